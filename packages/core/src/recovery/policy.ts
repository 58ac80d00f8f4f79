import { type Duration, toMilliseconds } from "../ground/duration.ts";
import { MessagingError } from "../ground/messaging-error.ts";

/** What is done about a handler that fails. Data: the decision itself is `decide`. */
export interface RecoveryOptions {
  /** Further tries at once, with the key held. Default 2. */
  readonly immediate?: number;
  /** Rounds after a delay; each round tries `1 + immediate` times. `false`: none. A delayed message loses its place in the order. */
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

/**
 * Fills in the defaults, from the most general options to the most particular.
 * @throws MessagingError `invalid-option`, `invalid-duration`
 */
export function recoveryPolicy(...layers: readonly (RecoveryOptions | undefined)[]): RecoveryPolicy {
  const options = layers.reduce<RecoveryOptions>((all, layer) => ({ ...all, ...layer }), {});
  const delayed = options.delayed === false ? { rounds: 0 } : (options.delayed ?? {});
  return {
    immediate: check("immediate", options.immediate ?? 2, isCount),
    rounds: check("delayed.rounds", delayed.rounds ?? 3, isCount),
    firstMs: toMilliseconds(delayed.first ?? "1s", "recovery.delayed.first"),
    factor: check("delayed.factor", delayed.factor ?? 5, (value) => Number.isFinite(value) && value >= 1),
    longestMs: toMilliseconds(delayed.longest ?? "1h", "recovery.delayed.longest"),
    jitter: check("delayed.jitter", delayed.jitter ?? 0.2, (value) => value >= 0 && value <= 1),
    neverRetry: options.neverRetry ?? [],
  };
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 1_000;

function check(option: string, value: number, allowed: (value: number) => boolean): number {
  if (allowed(value)) return value;
  throw new MessagingError("invalid-option", {
    what: `recovery.${option} is ${String(value)}.`,
    advice: "Counts are whole numbers up to 1000, a factor is at least 1, a jitter lies between 0 and 1.",
  });
}
