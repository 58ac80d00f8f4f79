import { consumerSequenceOf } from "../consume/delivery.ts";

/**
 * Detects missing deliveries of a consumer. The server numbers deliveries one by one (NATS ADR-15, consumer sequence). A
 * delivery is lost on its way when a server dies, for example. The server redelivers it when its lease has expired; in a
 * lane its successors must wait for that.
 */
export class GapDetector {
  #last = 0;

  /** Continues after the deliveries that the consumer has already made. */
  startAfter(delivered: number): void {
    this.#last = delivered;
  }

  /** Returns false if a delivery before the one with this acknowledgement subject is missing. A new leader may repeat numbers. */
  accepts(reply: string): boolean {
    const sequence = consumerSequenceOf(reply);
    const isNext = sequence <= this.#last + 1;
    if (isNext) this.#last = sequence;
    return isNext;
  }
}
