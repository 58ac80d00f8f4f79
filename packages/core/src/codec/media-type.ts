/** Returns a media type without its parameters, in lower case (RFC 9110 §8.3.1). */
export function essenceOf(contentType: string): string {
  const end = contentType.indexOf(";");
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/**
 * Returns whether data of a media type is JSON (RFC 6839 §3.1). Data without a media type counts as JSON (CloudEvents
 * 1.0 §3.1.1).
 */
export function isJson(contentType: string): boolean {
  const essence = essenceOf(contentType);
  return (
    essence === "" || essence === "application/json" || essence === "text/json" || essence.endsWith("+json")
  );
}
