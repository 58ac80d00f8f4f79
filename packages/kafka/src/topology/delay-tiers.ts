const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Delays of any length: a topic beside each queue and group whose partitions are waiting rooms. All messages of a room
 * wait equally long, so that the oldest is the next to leave, and then move to the room that fits what is left of their
 * time; in the first they wait for their time itself, in any order.
 */
export const TIERS_MS: readonly number[] = [0, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY];
export const LONGEST_DELAY_MS: number = 3_650 * DAY;

/** The room for a message that is due after so long. */
export function tierFor(delayMs: number): number {
  return TIERS_MS.findLastIndex((stayMs) => stayMs <= Math.max(0, delayMs));
}
