import type { RecoveryPolicy } from "./policy.ts";

/**
 * The delay before a round, in whole milliseconds: exponential, capped, with jitter taken off.
 * @param round 1 for the first delayed round
 * @param chance 0 (included) to 1 (excluded)
 */
export function backoff(policy: RecoveryPolicy, round: number, chance: number): number {
  return Math.round(fullDelay(policy, round) * (1 - policy.jitter * chance));
}

/** The same before chance shortens it. */
export function fullDelay({ longestMs, firstMs, factor }: RecoveryPolicy, round: number): number {
  return Math.min(longestMs, firstMs * factor ** (round - 1));
}
