import type { Capabilities } from "@waybill/core/transport";
import { LONGEST_DELAY_MS } from "./topology/delay-tiers.ts";

/** The most bytes of a record besides its content (KIP-98: batch and record headers). */
const OVERHEAD = 1_024;
/** The broker's default (`message.max.bytes`). */
export const DEFAULT_BATCH_BYTES = 1_048_588;
const GRANULARITY_MS = 50;

/** Returns the capabilities of a broker. @param batchBytes the largest batch that it takes */
export function capabilitiesOf(batchBytes: number): Capabilities {
  const delay = {
    level: "emulated",
    reason:
      "a delay topic for each queue and group, whose owner moves a message when it is due; messages of an external topic move to the group's own topic",
    granularityMs: GRANULARITY_MS,
    longestMs: LONGEST_DELAY_MS,
  } as const;
  return {
    durable: { level: "native", reason: "acknowledged by all in-sync replicas" },
    dedup: {
      level: "none",
      reason:
        "Kafka recognises a batch that a producer resends, not a message that is published twice under one id",
      windowMs: 0,
    },
    order: { level: "native", reason: "a lane is a partition", unit: "partition", mostLanes: 1_000 },
    settleOutOfOrder: {
      level: "emulated",
      reason: "the metadata of a commit lists the settled offsets above the committed one",
    },
    deliverAt: delay,
    retryDelay: delay,
    attempts: {
      level: "emulated",
      reason: "a header has the count; the metadata of a commit adds the deliveries whose member vanished",
    },
    freeRelease: { level: "native", reason: "a record that is not committed is read again" },
    deadLetters: {
      level: "emulated",
      reason: "written to the service's topic before the offset is committed",
    },
    history: { level: "native", reason: "a topic keeps its records for its retention time" },
    requests: {
      level: "emulated",
      reason: "a reply topic; each inbox reads one partition of it, from the end on",
    },
    largestMessage: batchBytes - OVERHEAD,
  };
}
