const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The least delays of the tiers, in milliseconds, by partition of the delay topic. Every queue and every group has a delay
 * topic, so a delay can have any length. All messages of a tier wait equally long, so the oldest one is the next to leave; it
 * moves to the tier that fits the rest of its delay. In the first tier messages wait for their due time, in any order.
 */
export const TIERS_MS: readonly number[] = [0, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY];
export const LONGEST_DELAY_MS: number = 3_650 * DAY;

/** Returns the tier of a message that is due after a delay. */
export function tierFor(delayMs: number): number {
  return TIERS_MS.findLastIndex((stayMs) => stayMs <= Math.max(0, delayMs));
}
