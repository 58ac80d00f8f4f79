import { MessagingError } from "./messaging-error.ts";

/** Options as they come from a configuration: nothing is known of them yet. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** What an option may be: `count` is a whole number from 1, `positive` any number above 0, `group` an object of options; a list names the words allowed; `any` is checked by who uses it. */
export type OptionKind = "text" | "count" | "positive" | "flag" | "group" | "any" | readonly string[];

/** The kind of every option there is. */
export type OptionKinds<Options> = { readonly [Name in keyof Options]-?: OptionKind };

/**
 * Options whose names and values are as they should be. Absent is the same as `undefined`. What an error prints are
 * names, never values: they may be secrets.
 * @throws MessagingError `invalid-option`, naming all that are wrong at once; `owner` says whose options they are
 */
export function checkOptions<Options extends object>(
  owner: string,
  given: GivenOptions,
  kinds: OptionKinds<Options>,
): Options {
  const problems = optionProblems(given, kinds);
  if (problems.length === 0) return given as Options;
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
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "any":
      return true;
    default:
      return typeof value === "string" && kind.includes(value);
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
    case "any":
      return "there";
    default:
      return `one of ${kind.join(", ")}`;
  }
}
