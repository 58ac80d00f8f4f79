import type { Capabilities } from "@waybill/core/transport";
import { DEDUP_WINDOW_MS } from "./publish/deduplication.ts";

const A_YEAR_MS = 365 * 86_400_000;

/** The largest message with its headers, in bytes. */
export const LARGEST_MESSAGE: number = 16 * 1024 * 1024;
/** The longest delay: ten years. A longer one is a mistake. */
export const LONGEST_DELAY_MS: number = 10 * A_YEAR_MS;

export const CAPABILITIES: Capabilities = {
  durable: {
    level: "emulated",
    reason: "kept in the memory of the process, and lost when it ends",
  },
  dedup: {
    level: "native",
    reason: "each destination remembers at least the last 4,000 ids",
    windowMs: DEDUP_WINDOW_MS,
  },
  order: { level: "native", reason: "one owner for each lane", unit: "lane", mostLanes: 256 },
  settleOutOfOrder: { level: "native", reason: "each message is settled by itself" },
  deliverAt: {
    level: "native",
    reason: "a queue ordered by due time",
    granularityMs: 0,
    longestMs: LONGEST_DELAY_MS,
  },
  retryDelay: {
    level: "native",
    reason: "a queue ordered by due time",
    granularityMs: 0,
    longestMs: LONGEST_DELAY_MS,
  },
  attempts: { level: "native", reason: "the broker counts the attempts of each message" },
  freeRelease: { level: "native", reason: "returned to its position, without counting an attempt" },
  deadLetters: { level: "native", reason: "a queue for each service" },
  history: { level: "native", reason: "topics keep their messages for the retention time" },
  requests: { level: "native", reason: "reply inboxes" },
  largestMessage: LARGEST_MESSAGE,
};
