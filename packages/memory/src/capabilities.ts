import type { Capabilities } from "@waybill/core/transport";
import { DEDUP_WINDOW_MS } from "./publish/deduplication.ts";

const A_YEAR_MS = 365 * 86_400_000;

/** Body and headers of one message, in bytes. */
export const LARGEST_MESSAGE: number = 16 * 1024 * 1024;
/** The longest delay, ten years: longer is a mistake. */
export const LONGEST_DELAY_MS: number = 10 * A_YEAR_MS;

export const CAPABILITIES: Capabilities = {
  durable: { level: "emulated", reason: "kept in the process: outlives connections, not the process" },
  dedup: {
    level: "native",
    reason: "ids are remembered per destination, the last 4,000 at least",
    windowMs: DEDUP_WINDOW_MS,
  },
  order: { level: "native", reason: "lanes with one owner each", unit: "lane", mostLanes: 256 },
  settleOutOfOrder: { level: "native", reason: "entries are settled one by one" },
  deliverAt: {
    level: "native",
    reason: "a queue of due messages",
    granularityMs: 0,
    longestMs: LONGEST_DELAY_MS,
  },
  retryDelay: {
    level: "native",
    reason: "a queue of due messages",
    granularityMs: 0,
    longestMs: LONGEST_DELAY_MS,
  },
  attempts: { level: "native", reason: "counted with each entry" },
  freeRelease: { level: "native", reason: "given back to its place, uncounted" },
  deadLetters: { level: "native", reason: "a queue of their own for each service" },
  history: { level: "native", reason: "topics keep what they are told to" },
  requests: { level: "native", reason: "reply inboxes" },
  largestMessage: LARGEST_MESSAGE,
};
