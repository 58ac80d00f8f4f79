import type { Capabilities } from "@waybill/core/transport";
import { ServerVersion } from "@waybill/core/transport-kit";
import { GRID_MS, LONGEST_DELAY_MS } from "./topology/delays.ts";

/** The oldest supported version. Quorum queues with a time to live need it, and streams over AMQP 0-9-1. */
export const OLDEST_SERVER: ServerVersion = new ServerVersion(3, 10);

const MIB = 1_048_576;

/** The properties that RabbitMQ sends when a connection opens. */
interface ServerProperties {
  readonly product?: string;
  readonly version?: string;
}

/** Returns the capabilities of a server. @throws MessagingError if the server is not RabbitMQ, or is too old */
export function serverCapabilities(
  { product, version: text }: ServerProperties = {},
  {
    addresses,
    largestMessage,
  }: { readonly addresses: readonly string[]; readonly largestMessage: number | undefined },
): Capabilities {
  const version = ServerVersion.of({ addresses, broker: "RabbitMQ", product, version: text }, OLDEST_SERVER);
  return capabilitiesOf(version, largestMessage);
}

/**
 * Returns the capabilities of a version.
 * @param largestMessage in bytes; default: that of the version (16 MiB from 4.0 on, 128 MiB before)
 */
export function capabilitiesOf(version: ServerVersion, largestMessage: number | undefined): Capabilities {
  const delay = {
    level: "emulated",
    reason: `quorum queues with a time to live, one per binary digit of the delay, on a grid of ${GRID_MS} ms`,
    granularityMs: GRID_MS,
    longestMs: LONGEST_DELAY_MS,
  } as const;
  return {
    durable: { level: "native", reason: "quorum queues and publisher confirms" },
    dedup: { level: "none", reason: "RabbitMQ stores duplicates", windowMs: 0 },
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
      reason: "the quorum queue counts deliveries; a header counts the deliveries before a delayed retry",
    },
    // RabbitMQ 4.3 release notes: basic.nack with requeue no longer counts as a delivery attempt.
    freeRelease: version.isAtLeast(4, 3)
      ? { level: "native", reason: "RabbitMQ does not count a requeue by basic.nack" }
      : {
          level: "none",
          reason: `RabbitMQ ${version.text} counts every delivery; from 4.3 on it counts only failed ones`,
        },
    deadLetters: {
      level: "emulated",
      reason: "published to the service's queue, confirmed, then acknowledged",
    },
    history: {
      level: "emulated",
      reason: "a stream beside the queues, copied for each new group at least once",
    },
    requests: { level: "native", reason: "an exclusive reply queue for each process" },
    largestMessage: largestMessage ?? (version.isAtLeast(4, 0) ? 16 : 128) * MIB,
  };
}
