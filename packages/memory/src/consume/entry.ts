import type { WireMessage } from "@waybill/core/transport";

/** One message in one queue. Every group of a topic has an entry of its own. */
export interface Entry {
  message: WireMessage;
  /** How often it will have been delivered once it is next. */
  attempt: number;
  /** Its place in the queue: what is given back returns there. */
  position: number;
}
