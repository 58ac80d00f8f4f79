import { backoff } from "./backoff.ts";
import { propertyOf } from "../environment/describe-thrown.ts";
import { isMessagingError } from "../environment/messaging-error.ts";
import type { ErrorClass, RecoveryPolicy } from "./policy.ts";

/** The decision about a message whose handler failed. */
export type Decision =
  | { readonly type: "try-again" }
  | { readonly type: "retry"; readonly delayMs: number }
  | { readonly type: "dead-letter" };

/** The progress of a message in its retries. */
export interface RetryPosition {
  /** The number of this round, from 1. */
  readonly attempt: number;
  /** How often the handler ran in this delivery. */
  readonly tries: number;
}

const TRY_AGAIN: Decision = { type: "try-again" };
const DEAD_LETTER: Decision = { type: "dead-letter" };

/**
 * Returns the decision about a failed message: immediate retries first, then delayed retries, then a dead letter. Pure.
 * @param random a random number from 0 to 1, for the jitter
 */
export function decide(
  failure: unknown,
  policy: RecoveryPolicy,
  { attempt, tries, random }: RetryPosition & { readonly random: number },
): Decision {
  if (isFinal(failure, policy)) return DEAD_LETTER;
  if (tries <= policy.immediate) return TRY_AGAIN;
  const round = attempt >= 1 ? attempt : 1; // also for a value that is not a number
  if (round > policy.rounds) return DEAD_LETTER;
  return { type: "retry", delayMs: backoff(policy, round, random) };
}

function isFinal(failure: unknown, policy: RecoveryPolicy): boolean {
  if (isMessagingError(failure) && NON_RETRIABLE.has(propertyOf(failure, "code"))) return true;
  return policy.neverRetry.some((rule) =>
    typeof rule === "string" ? hasName(failure, rule) : isInstance(failure, rule),
  );
}

/** The codes of a wrong message or program: a retry would fail in the same way. */
const NON_RETRIABLE: ReadonlySet<unknown> = new Set([
  "invalid-message",
  "invalid-reply",
  "invalid-data",
  "not-serializable",
  "too-large",
  "delay-too-long",
]);

function hasName(failure: unknown, name: string): boolean {
  return propertyOf(failure, "code") === name || propertyOf(failure, "name") === name;
}

/**
 * Returns whether a failure is an instance of a class. An `instanceof` that throws, of a class or of a proxy, is no
 * match.
 */
function isInstance(failure: unknown, rule: ErrorClass): boolean {
  try {
    return failure instanceof rule;
  } catch {
    return false;
  }
}
