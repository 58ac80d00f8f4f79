import {
  ACK,
  type Deliver,
  type Delivery,
  type Settlement,
  type Subscription,
} from "@waybill/core/transport";
import type { History } from "./observe/history.ts";
import { ReceivedDelivery } from "./received-delivery.ts";

/** The handler of a test consumer. */
export type TestHandler = (received: ReceivedDelivery) => Settlement | Promise<Settlement>;

/** Acknowledges every message immediately. */
export const ACKNOWLEDGES: TestHandler = () => ACK;

/** Keeps every message in flight until the scenario settles it. */
export const SETTLES_LATER: TestHandler = (received) => received.settledLater();

export interface ConsumerParts {
  readonly history: History;
  readonly now: () => number;
  readonly name: string;
  readonly group: string;
  readonly handler: TestHandler;
}

/** A member of a consumer group that records its deliveries and counts messages in flight against its credit. */
export class Consumer {
  readonly name: string;
  readonly group: string;
  readonly deliveries: ReceivedDelivery[] = [];
  /** The handler for the next deliveries. */
  handler: TestHandler;
  /** The problem that the transport currently reports for the source. */
  problem: string | undefined = undefined;
  /** Descriptions of deliveries beyond the credit. */
  readonly excess: string[] = [];
  readonly #history: History;
  readonly #now: () => number;
  #subscription: Subscription | undefined;
  #credit = 0;
  #inFlightCount = 0;

  constructor({ history, now, name, group, handler }: ConsumerParts) {
    this.#history = history;
    this.#now = now;
    this.name = name;
    this.group = group;
    this.handler = handler;
  }

  /** The callback that the transport gets. */
  readonly deliver: Deliver = (delivery) => {
    const received = this.#take(delivery);
    const outcome = this.handler(received);
    if (!(outcome instanceof Promise)) return Promise.resolve(this.#end(received, outcome));
    delivery.signal.addEventListener("abort", () => this.#revoke(received), { once: true });
    return outcome.then((settlement) => this.#end(received, settlement));
  };

  attach(subscription: Subscription): void {
    this.#subscription = subscription;
  }

  credit(credit: number): void {
    this.#credit = credit;
    this.#subscription?.credit(credit);
  }

  /** Drains the subscription; resolves or rejects as the transport's drain does. */
  async drain(deadline: number): Promise<void> {
    await this.#subscription?.drain(deadline);
  }

  get tags(): readonly string[] {
    return this.deliveries.map(({ tag }) => tag);
  }

  get inFlight(): readonly ReceivedDelivery[] {
    return this.deliveries.filter(({ isInFlight }) => isInFlight);
  }

  /** Settles all messages in flight. */
  settleAll(settlement: Settlement): void {
    for (const received of this.inFlight) received.settle(settlement);
  }

  #take(delivery: Delivery): ReceivedDelivery {
    const receipt = {
      consumer: this.name,
      group: this.group,
      at: this.#now(),
      began: this.#history.moment(),
    };
    const received = new ReceivedDelivery(delivery, receipt);
    this.#inFlightCount += 1;
    if (this.#inFlightCount > this.#credit)
      this.excess.push(`${received.tag} as number ${this.#inFlightCount} with a credit of ${this.#credit}`);
    this.deliveries.push(received);
    this.#history.deliveries.push(received);
    return received;
  }

  #end(received: ReceivedDelivery, settlement: Settlement): Settlement {
    received.settlement = settlement;
    this.#close(received);
    return settlement;
  }

  #revoke(received: ReceivedDelivery): void {
    if (received.isInFlight) received.isRevoked = true;
    this.#close(received);
  }

  #close(received: ReceivedDelivery): void {
    if (!received.isInFlight) return;
    received.ended = this.#history.moment();
    this.#inFlightCount -= 1;
  }
}
