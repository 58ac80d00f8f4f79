import type { Delivery, Settlement, WireMessage } from "@waybill/core/transport";
import { tagOf } from "./generate/messages.ts";

/** The recipient and the time of a delivery. */
export interface Receipt {
  readonly consumer: string;
  readonly group: string;
  /** The clock time of the delivery, in milliseconds. */
  readonly at: number;
  /** The number of this delivery in the order of all recorded events; see `History.moment`. */
  readonly began: number;
}

/** One delivery to a test consumer, with its outcome. */
export class ReceivedDelivery {
  readonly consumer: string;
  readonly group: string;
  readonly at: number;
  readonly began: number;
  readonly delivery: Delivery;
  readonly tag: string;
  readonly attempt: number;
  readonly lane: number | undefined;
  /** The number of its settlement or revocation in that order; undefined while it is in flight. */
  ended: number | undefined;
  settlement: Settlement | undefined;
  /** Whether the transport revoked it before its handler returned. */
  isRevoked = false;
  #resolve: ((settlement: Settlement) => void) | undefined;

  constructor(delivery: Delivery, { consumer, group, at, began }: Receipt) {
    this.consumer = consumer;
    this.group = group;
    this.at = at;
    this.began = began;
    this.delivery = delivery;
    this.tag = tagOf(delivery.message);
    this.attempt = delivery.attempt;
    this.lane = delivery.lane;
  }

  get message(): WireMessage {
    return this.delivery.message;
  }

  get isInFlight(): boolean {
    return this.ended === undefined;
  }

  /** Returns a settlement that the scenario decides later: see {@link ReceivedDelivery.settle}. */
  settledLater(): Promise<Settlement> {
    return new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Settles a delivery whose handler waits for it; without effect on others. */
  settle(settlement: Settlement): void {
    this.#resolve?.(settlement);
    this.#resolve = undefined;
  }
}
