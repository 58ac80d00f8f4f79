import type { Capabilities } from "@waybill/core/transport";
import { LONGEST_DELAY_MS } from "./topology/delay-tiers.ts";

/** What a record takes beside its content, at most (KIP-98: batch and record headers). */
const OVERHEAD = 1_024;
/** As Kafka is delivered (`message.max.bytes`). */
export const DEFAULT_BATCH_BYTES = 1_048_588;
const GRID_MS = 50;

/** @param batchBytes what the broker takes in one batch */
export function capabilitiesOf(batchBytes: number): Capabilities {
  const delay = {
    level: "emulated",
    reason:
      "a topic of waiting rooms beside each queue and group, whose owner moves messages on when they are due; to a topic of its own where the queue or topic is somebody else's",
    granularityMs: GRID_MS,
    longestMs: LONGEST_DELAY_MS,
  } as const;
  return {
    durable: { level: "native", reason: "acknowledged by all in-sync replicas" },
    dedup: {
      level: "none",
      reason:
        "Kafka knows what a producer sends twice under one number, not what is published twice under one id",
      windowMs: 0,
    },
    order: { level: "native", reason: "a lane is a partition", unit: "partition", mostLanes: 1_000 },
    settleOutOfOrder: {
      level: "emulated",
      reason: "what is settled above the committed offset is noted in the commit's metadata",
    },
    deliverAt: delay,
    retryDelay: delay,
    attempts: {
      level: "emulated",
      reason: "in a header, and in the commit's metadata what was lost with a member that vanished",
    },
    freeRelease: { level: "native", reason: "what is not committed is read again" },
    deadLetters: {
      level: "emulated",
      reason: "written to the service's topic before the offset passes",
    },
    history: { level: "native", reason: "a topic keeps what it has for as long as it is told to" },
    requests: {
      level: "emulated",
      reason: "a topic of replies, of which each inbox reads one partition from its end on",
    },
    largestMessage: batchBytes - OVERHEAD,
  };
}
