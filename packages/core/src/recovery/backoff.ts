import type { RecoveryPolicy } from "./policy.ts";

/**
 * Returns the delay before a round, in whole milliseconds: exponential backoff up to a limit, minus jitter.
 * @param round 1 for the first delayed round
 * @param random a number from 0 (included) to 1 (excluded)
 */
export function backoff(policy: RecoveryPolicy, round: number, random: number): number {
  return Math.round(fullDelay(policy, round) * (1 - policy.jitter * clamped(random, 0, 1)));
}

/** Returns the delay before a round, without jitter. */
export function fullDelay({ longestMs, firstMs, factor }: RecoveryPolicy, round: number): number {
  if (firstMs === 0) return 0; // 0 times Infinity would be NaN
  return Math.min(longestMs, firstMs * factor ** (clamped(round, 1, MOST_ROUNDS) - 1));
}

/** The most rounds that a policy may have. */
const MOST_ROUNDS = 1_000;

/** Returns a value within limits. A header may have any value; one that is not a number counts as the least. */
function clamped(value: number, least: number, most: number): number {
  return value >= least ? Math.min(value, most) : least;
}
