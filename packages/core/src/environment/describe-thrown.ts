import { atMost } from "./printable.ts";

/** A text of this length is enough, and fits into every message and header. */
const LONGEST_TEXT = 4_000;
/** The most elements or properties of a value that its text shows, and the greatest depth. */
const MOST_PARTS = 10;
const DEEPEST = 3;
const MOST_CAUSES = 3;

const INDESCRIBABLE = "something that cannot be described";

/**
 * Returns a text for any thrown value: errors of any realm, lists, numbers, revoked proxies. Never throws, and returns at most
 * 4,000 characters.
 */
export function describeThrown(thrown: unknown): string {
  return safely(() => atMost(describeOne(thrown), LONGEST_TEXT));
}

/**
 * Returns the text of a thrown value followed by the texts of its causes, for the operator: the reason of an error
 * such as `fetch failed` is in its cause.
 */
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

/**
 * Returns a text for the value of an option, for the error that refuses it: a string in quotes, any other value like
 * JSON. Never throws.
 */
export function describeValue(value: unknown): string {
  return safely(() => atMost(shown(value, 0), LONGEST_TEXT));
}

/** Returns a property of any value; undefined when it does not exist or reading it throws. */
export function propertyOf(value: unknown, name: PropertyKey): unknown {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** Returns a property of any value that is a string; undefined when it is not. */
export function textOf(value: unknown, name: PropertyKey): string | undefined {
  const text = propertyOf(value, name);
  return typeof text === "string" ? text : undefined;
}

/** Appends the text of each cause, unless the text contains it already. */
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

/**
 * Returns the message of an error, else the messages of the errors that it aggregates, else its name; undefined for
 * any other value.
 */
function messageOf(thrown: unknown): string | undefined {
  const message = propertyOf(thrown, "message");
  if (typeof message === "string" && message !== "") return message;
  if (!isError(thrown)) return undefined;
  if (message !== undefined && message !== null && message !== "") return listed(message);
  const errors = propertyOf(thrown, "errors");
  const name = textOf(thrown, "name") ?? "Error";
  return isList(errors) && errors.length > 0 ? `${name}: ${listed(errors)}` : name;
}

/** Each realm has its own `Error`, so a value with a stack, or with a name and a message, is an error too. */
function isError(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    if (value instanceof Error) return true;
    return "stack" in value || ("name" in value && "message" in value);
  } catch {
    return false;
  }
}

/** Returns the texts of a list, such as the messages of a validation. */
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
    return false; // a revoked proxy
  }
}

/** Returns a text like JSON for any value, of a bounded length. */
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
    // The elements of bytes are keys too; listing them would take minutes for some megabytes.
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

/** An object without own properties, such as a Response or a Map, is shown by the name of its class. */
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
