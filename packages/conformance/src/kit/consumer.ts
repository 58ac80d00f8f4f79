import {
  ACK,
  type Deliver,
  type Delivery,
  type Settlement,
  type Subscription,
} from "@waybill/core/transport";
import { Handling } from "./handling.ts";
import type { History } from "./observe/history.ts";

/** What a consumer does with a delivery. */
export type Answer = (handling: Handling) => Settlement | Promise<Settlement>;

/** Handles everything at once. */
export const ACKS: Answer = () => ACK;

/** Handles nothing until the scenario says so, message by message. */
export const HOLDS: Answer = (handling) => handling.held();

export interface ConsumerParts {
  readonly history: History;
  readonly now: () => number;
  readonly name: string;
  readonly group: string;
  readonly answer: Answer;
}

/** A member of a group that writes down what it is handed and keeps count of its window. */
export class Consumer {
  readonly name: string;
  readonly group: string;
  readonly handlings: Handling[] = [];
  /** What the consumer does from now on. */
  answer: Answer;
  /** What the transport reports of the source at the moment. */
  problem: string | undefined = undefined;
  /** Deliveries that came although the window was full. */
  readonly excess: string[] = [];
  readonly #history: History;
  readonly #now: () => number;
  #subscription: Subscription | undefined;
  #window = 0;
  #open = 0;

  constructor({ history, now, name, group, answer }: ConsumerParts) {
    this.#history = history;
    this.#now = now;
    this.name = name;
    this.group = group;
    this.answer = answer;
  }

  /** What the transport calls. */
  readonly deliver: Deliver = (delivery) => {
    const handling = this.#take(delivery);
    const settlement = this.answer(handling);
    if (!(settlement instanceof Promise)) return Promise.resolve(this.#end(handling, settlement));
    delivery.signal.addEventListener("abort", () => this.#revoke(handling), { once: true });
    return settlement.then((answer) => this.#end(handling, answer));
  };

  attach(subscription: Subscription): void {
    this.#subscription = subscription;
  }

  credit(window: number): void {
    this.#window = window;
    this.#subscription?.credit(window);
  }

  /** Resolves as the transport's own drain does. */
  async drain(deadline: number): Promise<void> {
    await this.#subscription?.drain(deadline);
  }

  get tags(): readonly string[] {
    return this.handlings.map(({ tag }) => tag);
  }

  get open(): readonly Handling[] {
    return this.handlings.filter(({ isOpen }) => isOpen);
  }

  /** Answers everything that is open. */
  answerAll(settlement: Settlement): void {
    for (const handling of this.open) handling.answer(settlement);
  }

  #take(delivery: Delivery): Handling {
    const place = { consumer: this.name, group: this.group, at: this.#now(), began: this.#history.moment() };
    const handling = new Handling(delivery, place);
    this.#open += 1;
    if (this.#open > this.#window) this.excess.push(`${handling.tag} as ${this.#open} of ${this.#window}`);
    this.handlings.push(handling);
    this.#history.handlings.push(handling);
    return handling;
  }

  #end(handling: Handling, settlement: Settlement): Settlement {
    handling.settlement = settlement;
    this.#close(handling);
    return settlement;
  }

  #revoke(handling: Handling): void {
    if (handling.isOpen) handling.isRevoked = true;
    this.#close(handling);
  }

  #close(handling: Handling): void {
    if (!handling.isOpen) return;
    handling.ended = this.#history.moment();
    this.#open -= 1;
  }
}
