import type { Capabilities } from "@waybill/core/transport";
import { ServerVersion } from "@waybill/core/transport-kit";

/** The adapter needs several filter subjects per consumer, and metadata of streams. */
export const OLDEST_SERVER: ServerVersion = new ServerVersion(2, 10);

/** The default of `max_payload`. */
export const DEFAULT_MAX_PAYLOAD = 1_048_576;

/** The deduplication window of created streams; it is also the server's default. */
export const DEDUP_WINDOW_MS = 120_000;

/** The longest delay: ten years. A longer one is probably a mistake. */
export const LONGEST_DELAY_MS: number = 10 * 365 * 86_400_000;

/** The bytes that are reserved for the headers of a failure, so that every message fits as a dead letter. */
const FAILURE_HEADER_BYTES = 4_096;

/** Returns the capabilities of a server. @param maxPayload the server's limit, in bytes */
export function capabilitiesOf(version: ServerVersion, maxPayload: number): Capabilities {
  const delay = { granularityMs: 0, longestMs: LONGEST_DELAY_MS };
  return {
    durable: {
      level: "native",
      reason:
        "file streams; the server confirms a publish once it is written, and flushes it to disk within two minutes, or before it confirms if it sets sync_interval: always",
      // A server does not report its sync_interval to clients.
      atRisk:
        "messages stored in the last two minutes, if the servers of a stream lose power, unless they set sync_interval: always",
    },
    dedup: {
      level: "native",
      reason: "each stream remembers Nats-Msg-Id",
      windowMs: DEDUP_WINDOW_MS,
    },
    order: {
      level: "emulated",
      reason: "a subject and a durable consumer for each lane; its owner keeps a lease in a stream",
      unit: "subject",
      mostLanes: 256,
    },
    settleOutOfOrder: { level: "native", reason: "each delivery is acknowledged by its own subject" },
    deliverAt: {
      level: "emulated",
      reason: "a message delivered too early is negatively acknowledged with the remaining delay",
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
    largestMessage: Math.max(maxPayload - FAILURE_HEADER_BYTES, Math.floor(maxPayload / 2)),
  };
}
