import { backoff } from "./backoff.ts";
import { propertyOf } from "../environment/describe-thrown.ts";
import { isMessagingError } from "../environment/messaging-error.ts";
import type { ErrorClass, RecoveryPolicy } from "./policy.ts";

/** What to do with a message whose handler failed. */
export type Decision =
  | { readonly type: "try-again" }
  | { readonly type: "retry"; readonly delayMs: number }
  | { readonly type: "dead-letter" };

/** Where in its retries a message is. */
export interface Place {
  /** Which round this is, 1-based. */
  readonly attempt: number;
  /** How often the handler ran in this delivery. */
  readonly tries: number;
}

const TRY_AGAIN: Decision = { type: "try-again" };
const DEAD_LETTER: Decision = { type: "dead-letter" };

/**
 * The whole of recovery as a pure function: first the tries at once, then the delayed rounds, then the dead letters.
 * @param at how far the message has come, and a number from 0 to 1 that chance has drawn for the jitter
 */
export function decide(
  failure: unknown,
  policy: RecoveryPolicy,
  { attempt, tries, chance }: Place & { readonly chance: number },
): Decision {
  if (isHopeless(failure, policy)) return DEAD_LETTER;
  if (tries <= policy.immediate) return TRY_AGAIN;
  const round = attempt >= 1 ? attempt : 1; // also for what is no number
  if (round > policy.rounds) return DEAD_LETTER;
  return { type: "retry", delayMs: backoff(policy, round, chance) };
}

function isHopeless(failure: unknown, policy: RecoveryPolicy): boolean {
  if (isMessagingError(failure) && NON_RETRIABLE.has(propertyOf(failure, "code"))) return true;
  return policy.neverRetry.some((rule) =>
    typeof rule === "string" ? hasName(failure, rule) : isInstance(failure, rule),
  );
}

/** Codes that say the message or the program is wrong: the same try fails the same way. */
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

/** A class may decide by code of its own, and a proxy may refuse to tell its class: what throws is no match. */
function isInstance(failure: unknown, rule: ErrorClass): boolean {
  try {
    return failure instanceof rule;
  } catch {
    return false;
  }
}
