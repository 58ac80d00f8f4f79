import { checkOptions, type OptionKinds } from "../environment/check-options.ts";
import { describeValue } from "../environment/describe-thrown.ts";
import { type Duration, showMilliseconds, toMilliseconds } from "../environment/duration.ts";
import { MessagingError } from "../environment/messaging-error.ts";

/** What is done about a handler that fails. Data: the decision itself is `decide`. */
export interface RecoveryOptions {
  /** Further tries at once, with the key held. Default 2. */
  readonly immediate?: number;
  /**
   * Rounds after a delay; each round tries `1 + immediate` times, so the defaults make up to twelve tries. `false`: none. A
   * delayed message loses its place in the order.
   */
  readonly delayed?: DelayedRetries | false;
  /** Errors that no retry can cure: classes, or values of an error's `code` or `name`. They are dead letters at once. */
  readonly neverRetry?: readonly (ErrorClass | string)[];
}

export interface DelayedRetries {
  /** How many rounds. Default 3. */
  readonly rounds?: number;
  /** The first delay. Default 1 s. */
  readonly first?: Duration;
  /** What each next delay is multiplied by. Default 5. */
  readonly factor?: number;
  /** No delay is longer. Default 1 h. */
  readonly longest?: Duration;
  /** The share of a delay that chance may take off, 0 to 1, so that many failures do not return together. Default 0.2. */
  readonly jitter?: number;
}

/** Any error class, abstract ones included. */
export type ErrorClass = abstract new (...args: never[]) => unknown;

/** Options with every default filled in and every number checked. */
export interface RecoveryPolicy {
  readonly immediate: number;
  readonly rounds: number;
  readonly firstMs: number;
  readonly factor: number;
  readonly longestMs: number;
  readonly jitter: number;
  readonly neverRetry: readonly (ErrorClass | string)[];
}

const KINDS: OptionKinds<RecoveryOptions> = { immediate: "any", delayed: "any", neverRetry: "list" };
const DELAYED_KINDS: OptionKinds<DelayedRetries> = {
  rounds: "any",
  first: "any",
  factor: "any",
  longest: "any",
  jitter: "any",
};

/** The names of the options and what kind each is; {@link recoveryPolicy} checks their values. @throws MessagingError `invalid-option` */
export function checkRecovery(owner: string, given: unknown): void {
  const { delayed } = checkOptions(owner, given, KINDS);
  if (delayed !== false) checkOptions(`${owner}.delayed`, delayed, DELAYED_KINDS);
}

/**
 * Fills in the defaults, from the most general options to the most particular. Options are merged field by field, those of
 * `delayed` too; an option that is `undefined` overrides nothing.
 * @throws MessagingError `invalid-option`, `invalid-duration`
 */
export function recoveryPolicy(...layers: readonly (RecoveryOptions | undefined)[]): RecoveryPolicy {
  const options = layers.reduce<RecoveryOptions>(merged, {});
  const delayed = options.delayed === false ? { rounds: 0 } : (options.delayed ?? {});
  const { immediate = 2, neverRetry = [] } = options;
  const { rounds = 3, first = "1s", factor = 5, longest = "1h", jitter = 0.2 } = delayed;
  const firstMs = toMilliseconds(first, "recovery.delayed.first");
  const longestMs = toMilliseconds(longest, "recovery.delayed.longest");
  if (firstMs > longestMs)
    throw new MessagingError("invalid-option", {
      what: `recovery.delayed.first is ${showMilliseconds(firstMs)}, and longest is ${showMilliseconds(longestMs)}.`,
      advice: "Give a longest that is at least as long as first; its default is 1 h.",
    });
  return {
    immediate: check("immediate", immediate, isCount),
    rounds: check("delayed.rounds", rounds, isCount),
    firstMs,
    factor: check("delayed.factor", factor, (value) => Number.isFinite(value) && value >= 1),
    longestMs,
    jitter: check("delayed.jitter", jitter, (value) => typeof value === "number" && value >= 0 && value <= 1),
    neverRetry: checkRules(neverRetry),
  };
}

function merged(general: RecoveryOptions, particular: RecoveryOptions | undefined): RecoveryOptions {
  const { delayed, ...rest } = given(particular);
  const all = { ...general, ...rest };
  if (delayed === undefined) return all;
  return { ...all, delayed: delayed && { ...general.delayed, ...given(delayed) } };
}

/** Options without those that are `undefined`. */
function given<Options extends object>(options: Options | undefined): Partial<Options> {
  const there = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Partial<Options>;
}

function checkRules(rules: RecoveryPolicy["neverRetry"]): RecoveryPolicy["neverRetry"] {
  const isList: boolean = Array.isArray(rules); // callers without types
  if (!isList) throw noRule("is not a list");
  for (const [at, rule] of rules.entries())
    if (rule === "" || (typeof rule !== "string" && !canHaveInstances(rule)))
      throw noRule(`has ${rule === undefined ? "undefined" : "something else"} at place ${at + 1}`);
  return rules;
}

/** What stands behind `instanceof` must be a class, or decide by itself. */
function canHaveInstances(rule: unknown): boolean {
  if (typeof rule !== "function") return false;
  try {
    if (Object.hasOwn(rule, Symbol.hasInstance)) return true;
    return !(Object.create(null) instanceof rule); // throws for arrow functions and methods
  } catch {
    return false;
  }
}

function noRule(what: string): MessagingError {
  return new MessagingError("invalid-option", {
    what: `recovery.neverRetry ${what}, where classes, codes or names of errors are wanted.`,
    advice:
      "A class that is undefined here is often one of two modules that import each other: import it from a module of its own, or give its name as a text.",
  });
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 1_000;

function check(option: string, value: number, allowed: (value: number) => boolean): number {
  if (allowed(value)) return value;
  throw new MessagingError("invalid-option", {
    what: `recovery.${option} is ${describeValue(value)}.`,
    advice: "Counts are whole numbers up to 1000, a factor is at least 1, a jitter lies between 0 and 1.",
  });
}
