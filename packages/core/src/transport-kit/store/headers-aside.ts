import { HEADER, type Headers } from "../../message/headers.ts";
import { base64Of } from "../../runtime/bytes.ts";

/**
 * Returns foreign headers as one header of text, for a message that the broker or its client refuses with its own headers.
 * Bytes are written as `base64:…`, other values that JSON cannot express as text.
 */
export function headersAside(foreign: Readonly<Record<string, unknown>>): Headers {
  const texts = Object.entries(foreign).map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`);
  // Only ASCII, which every broker accepts.
  const text = `{${texts.join(",")}}`.replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return { [HEADER.setAside]: text };
}

/** Returns the JSON of a value. Never throws. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value, (_, each: unknown) => plain(each)) ?? JSON.stringify(String(value));
  } catch {
    return '"(nested too deeply to be written)"';
  }
}

/** Returns a value that JSON can express. `JSON.stringify` has called `toJSON` of a Buffer before. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `base64:${base64Of(value)}`;
  if (isBufferForm(value)) return `base64:${base64Of(Uint8Array.from(value.data))}`;
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value)))
    return String(value);
  return value;
}

function isBufferForm(value: unknown): value is { readonly data: readonly number[] } {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 2) return false;
  return "type" in value && value.type === "Buffer" && "data" in value && Array.isArray(value.data);
}
