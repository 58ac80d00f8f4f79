import type { WireMessage } from "@waybill/core/transport";

/** One message in one queue. Each group of a topic has its own entry. */
export interface Entry {
  message: WireMessage;
  /** The attempt number of the next delivery. */
  attempt: number;
  /** The position in the queue, to which a returned message goes back. */
  position: number;
}
