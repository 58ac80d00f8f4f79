import type { Delivery } from "@waybill/core/transport";

/** A handler at work on one delivery. */
export interface Handling {
  readonly delivery: Delivery;
  readonly service: string;
  readonly startedAt: number;
  /** Whether the handler has answered; the broker may not know yet. */
  isAnswered: boolean;
  /** Whether the broker still waits for the answer. */
  isLive: boolean;
}
