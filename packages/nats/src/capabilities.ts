import type { Capabilities } from "@waybill/core/transport";
import { ServerVersion } from "@waybill/core/transport-kit";

/** Several filter subjects and metadata, by which lanes are told apart, need it. */
export const OLDEST_SERVER: ServerVersion = new ServerVersion(2, 10);

/** `max_payload` of a server that is set up as it is delivered. */
export const DEFAULT_MAX_PAYLOAD = 1_048_576;

/** How long a resend is recognised: the server's own default. */
export const DEDUP_WINDOW_MS = 120_000;

/** The longest delay, ten years: longer is a mistake. */
export const LONGEST_DELAY_MS: number = 10 * 365 * 86_400_000;

/** What is left of the server's limit for the headers of a failure: a message that cannot be handled must fit with them. */
const ROOM_FOR_FAILURE = 4_096;

/** @param maxPayload bytes, as the server says it when it is connected to */
export function capabilitiesOf(version: ServerVersion, maxPayload: number): Capabilities {
  const delay = { granularityMs: 0, longestMs: LONGEST_DELAY_MS };
  return {
    durable: {
      level: "native",
      reason:
        "file streams; a publish is acknowledged when it is written, and flushed to the disk within two minutes, or before the acknowledgement where the servers set sync_interval: always",
      // No server tells a client its sync_interval.
      atRisk:
        "what was stored in the last two minutes, when the machines of a stream lose their power, unless the servers set sync_interval: always",
    },
    dedup: {
      level: "native",
      reason: "each stream remembers Nats-Msg-Id",
      windowMs: DEDUP_WINDOW_MS,
    },
    order: {
      level: "emulated",
      reason: "a subject and a durable consumer for each lane; its owner holds a lease in a stream",
      unit: "subject",
      mostLanes: 256,
    },
    settleOutOfOrder: { level: "native", reason: "each delivery is acknowledged by its own subject" },
    deliverAt: {
      level: "emulated",
      reason: "a message that comes before its time is given back with the time that is left",
      ...delay,
    },
    retryDelay: { level: "native", reason: "a negative acknowledgement with a delay", ...delay },
    attempts: { level: "native", reason: "the consumer counts deliveries" },
    freeRelease: { level: "none", reason: `NATS ${version.text} counts every delivery` },
    deadLetters: {
      level: "emulated",
      reason: "published to the service's stream, confirmed, then acknowledged with confirmation",
    },
    history: { level: "native", reason: "a stream with limits; a late group reads it from its start" },
    requests: { level: "native", reason: "an inbox for each process" },
    largestMessage: Math.max(maxPayload - ROOM_FOR_FAILURE, Math.floor(maxPayload / 2)),
  };
}
