import type { Delivery, Settlement, WireMessage } from "@waybill/core/transport";
import { tagOf } from "./generate/messages.ts";

/** Who was handed a message, and when. */
export interface HandlingPlace {
  readonly consumer: string;
  readonly group: string;
  /** The clock at delivery. */
  readonly at: number;
  /** The history's moment at delivery. */
  readonly began: number;
}

/** One delivery as its consumer lived it. */
export class Handling {
  readonly consumer: string;
  readonly group: string;
  readonly at: number;
  readonly began: number;
  readonly delivery: Delivery;
  readonly tag: string;
  readonly attempt: number;
  readonly lane: number | undefined;
  /** The moment it was settled or taken back; absent while it is open. */
  ended: number | undefined;
  settlement: Settlement | undefined;
  /** Whether the broker took it back. */
  isRevoked = false;
  #answer: ((settlement: Settlement) => void) | undefined;

  constructor(delivery: Delivery, { consumer, group, at, began }: HandlingPlace) {
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

  get isOpen(): boolean {
    return this.ended === undefined;
  }

  /** What a consumer answers that leaves the word to the scenario: see {@link Handling.answer}. */
  held(): Promise<Settlement> {
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Answers a held delivery; without effect on one that is not held. */
  answer(settlement: Settlement): void {
    this.#answer?.(settlement);
    this.#answer = undefined;
  }
}
