import type { RecoveryPolicy } from "./policy.ts";

/**
 * The delay before a round, in whole milliseconds: exponential, capped, with jitter taken off.
 * @param round 1 for the first delayed round
 * @param chance 0 (included) to 1 (excluded)
 */
export function backoff(policy: RecoveryPolicy, round: number, chance: number): number {
  const full = Math.min(policy.longestMs, policy.firstMs * policy.factor ** (round - 1));
  return Math.round(full * (1 - policy.jitter * chance));
}
