import { MessagingError } from "./messaging-error.ts";

/** Unchecked options, as they come from a caller or a configuration. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/**
 * The kind of values of an option: `count` is a whole number from 1, `positive` a number above 0, `group` an object of options,
 * an array the allowed words. The code that uses an option checks the values of `any`.
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

/** The kind of each option. */
export type OptionKinds<Options> = { readonly [Name in keyof Options]-?: OptionKind };

/**
 * Returns options once their names and values are checked. Absent options are the same as `{}`, and an option that
 * is `undefined` is the same as an absent one.
 * @param owner whose options they are, for errors
 * @throws MessagingError `invalid-option`, with all problems at once. Its text has names and no values, because a
 * value may be a secret.
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
    what: `${owner}: ${problems.join("; ")}.`,
    advice: names.length === 0 ? "It has no options; leave them out." : `Known options: ${names.join(", ")}.`,
  });
}

/** Returns the problems of options, each as half a sentence. */
export function optionProblems(
  given: GivenOptions,
  kinds: Readonly<Record<string, OptionKind>>,
): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) return [`unknown option ${JSON.stringify(name)}`];
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

/**
 * Returns whether a value is an object of options. A list, a map or a promise that was not awaited has no
 * properties to check, and would pass as `{}`.
 */
export function isGroup(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    return !(Symbol.iterator in value) && !("then" in value && typeof value.then === "function");
  } catch {
    return false; // a revoked proxy
  }
}

function describe(kind: OptionKind): string {
  switch (kind) {
    case "text":
      return "a string";
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
      return "present";
    default:
      return `one of ${kind.join(", ")}`;
  }
}
