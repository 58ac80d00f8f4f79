import type { Envelope } from "../../message/envelope.ts";

/**
 * The CloudEvents extension attribute by which a request tells until when its requester waits: RFC 3339. It is written by
 * the requester's clock.
 */
export const REPLY_BY = "replyby";

/** The reply has to travel: whoever answers at the last moment answers too late. */
const ON_THE_WAY_MS = 200;
/** Beyond the largest wait that makes sense, anything may have written the attribute. */
const LONGEST_WAIT_MS = 30 * 86_400_000;
/** The last moment that RFC 3339 can write. */
const LAST_TIME = Date.UTC(9999, 11, 31);

/** What a request says of its deadline; nothing where the requester waits for longer than a time can be written. */
export function replyBy(now: number, timeoutMs: number): string | undefined {
  const deadline = now + timeoutMs;
  return deadline < LAST_TIME && deadline >= 0 ? new Date(deadline).toISOString() : undefined;
}

/** When a reply must leave to be in time, in milliseconds since the Unix epoch. Nothing for what nobody waits for. */
export function replyDeadline({ replyTo, extensions }: Envelope, now: number): number | undefined {
  const text = extensions[REPLY_BY];
  if (replyTo === undefined || typeof text !== "string" || text.length > 40) return undefined;
  const deadline = Date.parse(text);
  return Number.isNaN(deadline) ? undefined : Math.min(deadline, now + LONGEST_WAIT_MS) - ON_THE_WAY_MS;
}

/** How long the requester of a message still waits. Nothing where nobody waits, or not any more. */
export function timeLeftForReply(envelope: Envelope, now: number): number | undefined {
  const deadline = replyDeadline(envelope, now);
  return deadline === undefined || deadline <= now ? undefined : deadline - now;
}
