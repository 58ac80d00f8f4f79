import { atMost } from "./printable.ts";

/** A text of this length says enough, and fits into every message and header. */
const LONGEST_TEXT = 4_000;
/** How much is shown of what was thrown: its elements or properties, and how deep. */
const MOST_PARTS = 10;
const DEEPEST = 3;
const MOST_CAUSES = 3;

const INDESCRIBABLE = "something that cannot be described";

/**
 * The text of anything that was thrown: errors of any realm, lists, numbers, proxies that are revoked. Never throws, and
 * gives at most 4,000 characters, however large the thrown thing is.
 */
export function describeThrown(thrown: unknown): string {
  return safely(() => atMost(describeOne(thrown), LONGEST_TEXT));
}

/** The same with the texts of its causes, which tell what `fetch failed` does not: for those who run the service. */
export function describeWithCauses(thrown: unknown): string {
  return safely(() => atMost(withCauses(thrown), LONGEST_TEXT));
}

function safely(describe: () => string): string {
  try {
    return describe();
  } catch {
    return INDESCRIBABLE; // a proxy whose traps throw
  }
}

/** A value of an option, for the error that refuses it: a text in quotes, of anything else what it looks like. Never throws. */
export function describeValue(value: unknown): string {
  return safely(() => atMost(shown(value, 0), LONGEST_TEXT));
}

/** A property of anything; absent where there is none or where reading it throws. */
export function propertyOf(thing: unknown, name: PropertyKey): unknown {
  if ((typeof thing !== "object" || thing === null) && typeof thing !== "function") return undefined;
  try {
    return Reflect.get(thing, name);
  } catch {
    return undefined;
  }
}

/** The same as a text; absent where it is none. */
export function textOf(thing: unknown, name: PropertyKey): string | undefined {
  const text = propertyOf(thing, name);
  return typeof text === "string" ? text : undefined;
}

/** A text that names its cause already is not made longer. */
function withCauses(thrown: unknown): string {
  let text = describeOne(thrown);
  let cause = propertyOf(thrown, "cause");
  for (let depth = 0; depth < MOST_CAUSES && isError(cause); depth++) {
    const because = describeOne(cause);
    if (!text.includes(because)) text = `${text} (cause: ${because})`;
    cause = propertyOf(cause, "cause");
  }
  return text;
}

function describeOne(thrown: unknown): string {
  if (typeof thrown === "string") return atMost(thrown, LONGEST_TEXT);
  const text = messageOf(thrown);
  if (text !== undefined) return atMost(text, LONGEST_TEXT);
  return shown(thrown, 0);
}

/** What an error says: its message, whatever that is, its errors, or its name. Absent for what is no error. */
function messageOf(thrown: unknown): string | undefined {
  const message = propertyOf(thrown, "message");
  if (typeof message === "string" && message !== "") return message;
  if (!isError(thrown)) return undefined;
  if (message !== undefined && message !== null && message !== "") return listed(message);
  const errors = propertyOf(thrown, "errors");
  const name = textOf(thrown, "name") ?? "Error";
  return isList(errors) && errors.length > 0 ? `${name}: ${listed(errors)}` : name;
}

/** A realm has an `Error` of its own: what has a stack, or a name and a message, is an error too. */
function isError(thing: unknown): boolean {
  if (typeof thing !== "object" || thing === null) return false;
  try {
    if (thing instanceof Error) return true;
    return "stack" in thing || ("name" in thing && "message" in thing);
  } catch {
    return false;
  }
}

/** A list of texts or errors, such as the messages of a validation. */
function listed(value: unknown): string {
  if (!isList(value)) return shown(value, 1);
  const parts = value.slice(0, MOST_PARTS).map((part) => describePart(part));
  return parts.join("; ") + more(value.length);
}

function describePart(part: unknown): string {
  const text = typeof part === "string" ? part : textOf(part, "message");
  return atMost(text ?? shown(part, 1), LONGEST_TEXT / MOST_PARTS);
}

function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false; // a proxy that is revoked
  }
}

/** Like JSON, but bounded, and for any value. */
function shown(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(atMost(value, LONGEST_TEXT / MOST_PARTS));
    case "bigint":
      return `${atMost(String(value), 100)}n`;
    case "symbol":
      return atMost(String(value), 100);
    case "function":
      return `function ${atMost(textOf(value, "name") ?? "", 100)}`.trimEnd();
    case "object":
      return value === null ? "null" : objectShown(value, depth);
    default:
      return String(value);
  }
}

function objectShown(value: object, depth: number): string {
  try {
    if (isList(value)) {
      if (depth >= DEEPEST) return "[…]";
      const parts = value.slice(0, MOST_PARTS).map((part) => shown(part, depth + 1));
      return `[${parts.join(",")}${more(value.length)}]`;
    }
    // Their elements are keys too, and a list of those would take minutes for some megabytes.
    if (ArrayBuffer.isView(value)) return `${tagOf(value)} of ${value.byteLength} bytes`;
    if (tagOf(value) === "String") return shown(String.prototype.valueOf.call(value), depth);
    if (depth >= DEEPEST) return "{…}";
    const names = Object.keys(value);
    if (names.length === 0) return emptyShown(value);
    const parts = names
      .slice(0, MOST_PARTS)
      .map((name) => `${JSON.stringify(atMost(name, 100))}:${shown(propertyOf(value, name), depth + 1)}`);
    return `{${parts.join(",")}${more(names.length)}}`;
  } catch {
    return INDESCRIBABLE;
  }
}

/** What keeps its contents elsewhere, such as a Response or a Map, has at least a name. */
function emptyShown(value: object): string {
  const name = textOf(propertyOf(value, "constructor"), "name") ?? "Object";
  return name === "Object" || name === "" ? "{}" : `{} of class ${atMost(name, 100)}`;
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function more(length: number): string {
  return length > MOST_PARTS ? ` and ${length - MOST_PARTS} more` : "";
}
