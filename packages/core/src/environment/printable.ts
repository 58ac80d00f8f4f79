/** Controls, separators of lines and paragraphs, marks that change the direction of writing, and halves of a character. */
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** The same text on one line: what a terminal or a log would act upon is escaped, such as `\n` or `\u001b`. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (found) => SHORT.get(found) ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** At most so many characters of a text, and a sign that there were more. Never half of a character. */
export function atMost(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Longer texts hold data, not facts. */
const LONGEST_FACT = 16_000;

/** A text in which ids and remote texts may stand, as one line of a bounded length: it must not break the line of a log. */
export function onOneLine(text: string): string {
  return printable(atMost(text, LONGEST_FACT));
}
