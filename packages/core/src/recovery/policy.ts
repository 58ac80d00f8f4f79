import { checkOptions, type OptionKinds } from "../environment/check-options.ts";
import { describeValue } from "../environment/describe-thrown.ts";
import { type Duration, showMilliseconds, toMilliseconds } from "../environment/duration.ts";
import { MessagingError } from "../environment/messaging-error.ts";

/** The retries after a failed handler. The function `decide` applies them. */
export interface RecoveryOptions {
  /** Immediate retries, while later messages of the same key wait. Default 2. */
  readonly immediate?: number;
  /**
   * Delayed retries, in rounds of `1 + immediate` tries, so that the defaults give up to twelve tries. `false`: none. Later
   * messages of the same key overtake a delayed message.
   */
  readonly delayed?: DelayedRetries | false;
  /**
   * Errors that no retry can cure: classes, or values of an error's `code` or `name`. Their messages become dead
   * letters at once.
   */
  readonly neverRetry?: readonly (ErrorClass | string)[];
}

export interface DelayedRetries {
  /** The number of rounds. Default 3. */
  readonly rounds?: number;
  /** The first delay. Default 1 s. */
  readonly first?: Duration;
  /** The factor between one delay and the next. Default 5. */
  readonly factor?: number;
  /** The longest delay. Default 1 h. */
  readonly longest?: Duration;
  /**
   * The share of a delay, 0 to 1, that is randomly subtracted, so that many failed messages do not return at once.
   * Default 0.2.
   */
  readonly jitter?: number;
}

/** Any class of errors, also an abstract one. */
export type ErrorClass = abstract new (...args: never[]) => unknown;

/** Recovery options with all defaults and with checked numbers. */
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

/**
 * Checks the names and kinds of recovery options; {@link recoveryPolicy} checks their values.
 * @param of whose options they are, for errors, such as ` of service mail`; empty for those of the bus
 * @throws MessagingError `invalid-option`
 */
export function checkRecovery(of: string, given: unknown): void {
  const { delayed } = checkOptions(`recovery${of}`, given, KINDS);
  if (delayed !== false) checkOptions(`recovery.delayed${of}`, delayed, DELAYED_KINDS);
}

/**
 * Returns the policy of several options, from the most general to the most specific. Options are merged field by field, those
 * of `delayed` too; an option that is `undefined` overrides nothing.
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
      what: `recovery.delayed.first is ${showMilliseconds(firstMs)}, but longest is ${showMilliseconds(longestMs)}.`,
      advice:
        "Set recovery.delayed.longest to at least recovery.delayed.first; the default of longest is 1 h.",
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

function merged(general: RecoveryOptions, specific: RecoveryOptions | undefined): RecoveryOptions {
  const { delayed, ...rest } = given(specific);
  const all = { ...general, ...rest };
  if (delayed === undefined) return all;
  return { ...all, delayed: delayed && { ...general.delayed, ...given(delayed) } };
}

/** Returns the options that are not `undefined`. */
function given<Options extends object>(options: Options | undefined): Partial<Options> {
  const there = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Partial<Options>;
}

function checkRules(rules: RecoveryPolicy["neverRetry"]): RecoveryPolicy["neverRetry"] {
  const isList: boolean = Array.isArray(rules); // for JavaScript callers
  if (!isList) throw invalidRule("is not a list");
  for (const [at, rule] of rules.entries())
    if (rule === "" || (typeof rule !== "string" && !canHaveInstances(rule)))
      throw invalidRule(`has ${rule === undefined ? "undefined" : "another value"} at index ${at}`);
  return rules;
}

/** Returns whether a value can stand behind `instanceof`: a class, or an object with its own `Symbol.hasInstance`. */
function canHaveInstances(rule: unknown): boolean {
  if (typeof rule !== "function") return false;
  try {
    if (Object.hasOwn(rule, Symbol.hasInstance)) return true;
    return !(Object.create(null) instanceof rule); // throws for arrow functions and methods
  } catch {
    return false;
  }
}

function invalidRule(what: string): MessagingError {
  return new MessagingError("invalid-option", {
    what: `recovery.neverRetry ${what}; it takes classes, codes and names of errors.`,
    advice:
      "A class is often undefined when two modules import each other: move it into its own module, or give its name as a string.",
  });
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 1_000;

function check(option: string, value: number, allowed: (value: number) => boolean): number {
  if (allowed(value)) return value;
  throw new MessagingError("invalid-option", {
    what: `recovery.${option} is ${describeValue(value)}.`,
    advice: "Counts are whole numbers up to 1000, the factor is at least 1, the jitter is between 0 and 1.",
  });
}
