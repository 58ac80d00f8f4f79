import { MessagingError } from "./messaging-error.ts";

/** Options as they come from a configuration: nothing is known of them yet. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/**
 * What an option may be: `count` is a whole number from 1, `positive` any number above 0, `group` an object of options; an
 * array names the words allowed; the user of the option checks an `any`.
 */
export type OptionKind =
  | "text"
  | "count"
  | "positive"
  | "flag"
  | "group"
  | "list"
  | "function"
  | "any"
  | readonly string[];

/** The kind of every option there is. */
export type OptionKinds<Options> = { readonly [Name in keyof Options]-?: OptionKind };

/**
 * Options whose names and values are as they should be; no options at all are the same as `{}`, and an option that is
 * `undefined` is the same as one that is absent. What an error prints are
 * names, never values: they may be secrets.
 * @throws MessagingError `invalid-option`, naming all that are wrong at once; `owner` says whose options they are
 */
export function checkOptions<Options extends object>(
  owner: string,
  given: unknown,
  kinds: OptionKinds<Options>,
): Options {
  const options = given === undefined ? {} : given;
  if (!isOfKind(options, "group"))
    throw new MessagingError("invalid-option", {
      what: `The options of ${owner} are not an object.`,
      advice: "Give an object of options, or leave them out.",
    });
  const problems = optionProblems(options as GivenOptions, kinds);
  if (problems.length === 0) return options as Options;
  const names = Object.keys(kinds);
  throw new MessagingError("invalid-option", {
    what: `Options of ${owner}: ${problems.join("; ")}.`,
    advice: names.length === 0 ? "There are none: leave them out." : `There are ${names.join(", ")}.`,
  });
}

/** What is wrong with options, one sentence without a full stop each. */
export function optionProblems(
  given: GivenOptions,
  kinds: Readonly<Record<string, OptionKind>>,
): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) return [`there is no ${name}`];
    return value === undefined || isOfKind(value, kind) ? [] : [`${name} is not ${describe(kind)}`];
  });
}

function isOfKind(value: unknown, kind: OptionKind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "count":
      return Number.isSafeInteger(value) && Number(value) > 0;
    case "positive":
      return typeof value === "number" && Number.isFinite(value) && value > 0;
    case "flag":
      return typeof value === "boolean";
    case "group":
      return isGroup(value);
    case "list":
      return Array.isArray(value);
    case "function":
      return typeof value === "function";
    case "any":
      return true;
    default:
      return typeof value === "string" && kind.includes(value);
  }
}

/** Not a list, a map or a promise that nobody awaited: they have no options that could be checked, and would pass as `{}`. */
export function isGroup(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    return !(Symbol.iterator in value) && !("then" in value && typeof value.then === "function");
  } catch {
    return false; // a proxy that is revoked
  }
}

function describe(kind: OptionKind): string {
  switch (kind) {
    case "text":
      return "a text";
    case "count":
      return "a whole number from 1";
    case "positive":
      return "a number above 0";
    case "flag":
      return "true or false";
    case "group":
      return "an object";
    case "list":
      return "a list";
    case "function":
      return "a function";
    case "any":
      return "there";
    default:
      return `one of ${kind.join(", ")}`;
  }
}
