import { ACK, RELEASE, type Settlement } from "@waybill/core/transport";
import type { Answer } from "./commands.ts";

/** The delay of a delayed message, and of the answer `retry later`. */
export const DELAY_MS = 150;
/** Longer than {@link DELAY_MS}, even where the broker rounds the delay up. */
export const AFTER_DELAY_MS = 320;

export const SETTLEMENTS: Readonly<Record<Answer, Settlement>> = {
  ack: ACK,
  retry: { type: "retry", delayMs: 0 },
  "retry later": { type: "retry", delayMs: DELAY_MS },
  "dead-letter": { type: "dead-letter", headers: {} },
  release: RELEASE,
};
