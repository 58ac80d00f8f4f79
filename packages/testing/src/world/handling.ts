import type { Delivery } from "@waybill/core/transport";

/** A delivery whose handler has begun and whose settlement the broker has not received. */
export interface Handling {
  readonly delivery: Delivery;
  readonly service: string;
  /** Whether the handler has returned a settlement. */
  isAnswered: boolean;
}
