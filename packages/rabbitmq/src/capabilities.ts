import type { Capabilities } from "@waybill/core/transport";
import { ServerVersion } from "@waybill/core/transport-kit";
import { GRID_MS, LONGEST_DELAY_MS } from "./topology/delays.ts";

/** Streams over AMQP 0-9-1, and quorum queues with time to live, both need it. */
export const OLDEST_SERVER: ServerVersion = new ServerVersion(3, 10);

const MIB = 1_048_576;

/** @param largestMessage bytes; absent: the server's own default (16 MiB from 4.0 on, 128 MiB before) */
export function capabilitiesOf(version: ServerVersion, largestMessage: number | undefined): Capabilities {
  const delay = {
    level: "emulated",
    reason: `quorum queues with a time to live, one per binary digit of the delay, on a grid of ${GRID_MS} ms`,
    granularityMs: GRID_MS,
    longestMs: LONGEST_DELAY_MS,
  } as const;
  return {
    durable: { level: "native", reason: "quorum queues and publisher confirms" },
    dedup: { level: "none", reason: "RabbitMQ stores what it is sent, also twice", windowMs: 0 },
    order: {
      level: "emulated",
      reason: "a quorum queue with a single active consumer for each lane",
      unit: "queue",
      mostLanes: 256,
    },
    settleOutOfOrder: { level: "native", reason: "each delivery is acknowledged by its tag" },
    deliverAt: delay,
    retryDelay: delay,
    attempts: {
      level: "native",
      reason: "the quorum queue counts deliveries, a header counts those before a delayed retry",
    },
    // RabbitMQ 4.3 release notes: basic.nack with requeue no longer counts as a delivery attempt.
    freeRelease: version.isAtLeast(4, 3)
      ? { level: "native", reason: "a requeue by basic.nack is not counted" }
      : {
          level: "none",
          reason: `RabbitMQ ${version.text} counts every delivery, from 4.3 on only failed ones`,
        },
    deadLetters: {
      level: "emulated",
      reason: "published to the service's queue, confirmed, then acknowledged",
    },
    history: {
      level: "emulated",
      reason: "a stream beside the queues, copied for each new group; at least once",
    },
    requests: { level: "native", reason: "an exclusive reply queue for each process" },
    largestMessage: largestMessage ?? (version.isAtLeast(4, 0) ? 16 : 128) * MIB,
  };
}
