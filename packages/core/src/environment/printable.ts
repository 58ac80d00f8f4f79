/** Control characters, separators of lines and paragraphs, marks of writing direction, and lone surrogates. */
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * Returns a text on one line, with escapes for characters that a terminal or a log interprets, such as `\n` or
 * `\u001b`.
 */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (found) => SHORT.get(found) ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Returns at most `longest` characters of a text, with an ellipsis for the rest. Never splits a surrogate pair. */
export function atMost(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/**
 * The most characters of the sentence of an error that says what happened. The rest is cut off: it is probably data of
 * a message.
 */
const LONGEST_FACT = 16_000;

/** Returns a text on one line of a bounded length. Ids and remote texts in it must not break the line of a log. */
export function onOneLine(text: string): string {
  return printable(atMost(text, LONGEST_FACT));
}
