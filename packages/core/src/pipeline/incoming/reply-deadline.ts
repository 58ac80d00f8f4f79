import type { Envelope } from "../../message/envelope.ts";

/**
 * The CloudEvents extension attribute with the deadline of a request, at which its requester gives up: RFC 3339, by
 * the clock of the requester.
 */
export const REPLY_BY = "replyby";

/** The time that a reply needs to travel: a reply that is stored at the last moment comes too late. */
const TRAVEL_MS = 200;
/** The longest wait that is assumed: any process may have written the attribute. */
const LONGEST_WAIT_MS = 30 * 86_400_000;
/** The last moment that RFC 3339 can express. */
const LAST_TIME = Date.UTC(9999, 11, 31);

/** Returns the value of the attribute; undefined when RFC 3339 cannot express the deadline. */
export function replyBy(now: number, timeoutMs: number): string | undefined {
  const deadline = now + timeoutMs;
  return deadline < LAST_TIME && deadline >= 0 ? new Date(deadline).toISOString() : undefined;
}

/**
 * Returns when the reply must be stored to be in time, in milliseconds since the Unix epoch; undefined for a message that is
 * no request or has no deadline.
 */
export function replyDeadline({ replyTo, extensions }: Envelope, now: number): number | undefined {
  const text = extensions[REPLY_BY];
  if (replyTo === undefined || typeof text !== "string" || text.length > 40) return undefined;
  const deadline = Date.parse(text);
  return Number.isNaN(deadline) ? undefined : Math.min(deadline, now + LONGEST_WAIT_MS) - TRAVEL_MS;
}

/** Returns how long the requester still waits, in milliseconds; undefined when no requester waits. */
export function timeLeftForReply(envelope: Envelope, now: number): number | undefined {
  const deadline = replyDeadline(envelope, now);
  return deadline === undefined || deadline <= now ? undefined : deadline - now;
}
