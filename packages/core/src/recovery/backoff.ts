import type { RecoveryPolicy } from "./policy.ts";

/**
 * The delay before a round, in whole milliseconds: exponential, capped, with jitter taken off.
 * @param round 1 for the first delayed round
 * @param chance 0 (included) to 1 (excluded)
 */
export function backoff(policy: RecoveryPolicy, round: number, chance: number): number {
  return Math.round(fullDelay(policy, round) * (1 - policy.jitter * within(chance, 0, 1)));
}

/** The same before chance shortens it. */
export function fullDelay({ longestMs, firstMs, factor }: RecoveryPolicy, round: number): number {
  if (firstMs === 0) return 0; // 0 times a factor that has become infinite is no number
  return Math.min(longestMs, firstMs * factor ** (within(round, 1, MOST_ROUNDS) - 1));
}

/** The limit that a policy itself has. */
const MOST_ROUNDS = 1_000;

/** What comes from a message may be anything: what is no number counts as the least. */
function within(value: number, least: number, most: number): number {
  return value >= least ? Math.min(value, most) : least;
}
