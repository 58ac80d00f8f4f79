import { orderOf } from "../consume/delivery.ts";

/**
 * Whether the deliveries of a consumer follow each other: the server numbers them one by one (NATS ADR-15, consumer sequence).
 * One that is missing got lost on its way, as with a server that dies, and comes again when its lease is over: in a lane before
 * what follows it.
 */
export class GapDetector {
  #last = 0;

  /** Whoever takes a consumer over goes on behind the deliveries that it has made by then. */
  begin(delivered: number): void {
    this.#last = delivered;
  }

  /** Whether nothing is missing before the delivery with this acknowledgement subject. A new leader may count some once more. */
  goesOn(reply: string): boolean {
    const order = orderOf(reply);
    const isNext = order <= this.#last + 1;
    if (isNext) this.#last = order;
    return isNext;
  }
}
