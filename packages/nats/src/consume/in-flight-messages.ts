import { InFlightList, revocation } from "@waybill/core/transport-kit";
import type { NatsDelivery } from "./delivery.ts";

/** The messages of one consumer that the server has delivered and that are not settled. */
export class InFlightMessages {
  /** Not dispatched yet. */
  #waiting: NatsDelivery[] = [];
  /** Passed to a handler. */
  readonly #dispatched = new InFlightList<NatsDelivery>();
  /** Released by the handlers of a lane. They return to the server together, in order. */
  #released: NatsDelivery[] = [];
  /** Kept outside the window until they can be stored elsewhere. */
  readonly #parked = new Set<NatsDelivery>();
  #onHandlersDone: (() => void)[] = [];
  #onAllSettled: (() => void)[] = [];

  /** How many messages occupy the window. */
  get size(): number {
    return this.#waiting.length + this.#dispatched.size;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  add(delivery: NatsDelivery): void {
    this.#waiting.push(delivery);
  }

  /** Takes the next waiting message; it counts as dispatched. */
  next(): NatsDelivery | undefined {
    const delivery = this.#waiting.shift();
    if (delivery !== undefined) this.#dispatched.add(delivery);
    return delivery;
  }

  /** Moves a message out of the window. It stays live. */
  park(delivery: NatsDelivery): void {
    this.#dispatched.remove(delivery);
    this.#parked.add(delivery);
    this.#notify();
  }

  settle(delivery: NatsDelivery): void {
    delivery.isLive = false;
    this.#dispatched.remove(delivery);
    this.#parked.delete(delivery);
    this.#notify();
  }

  /** Keeps a message that its handler has released, until {@link revoke} returns it. */
  release(delivery: NatsDelivery): void {
    this.#released.push(delivery);
    this.settle(delivery);
  }

  takeWaiting(): readonly NatsDelivery[] {
    const waiting = this.#waiting.splice(0);
    this.#notify();
    return waiting;
  }

  /** Revokes and returns all messages. */
  revoke(): { readonly dispatched: readonly NatsDelivery[]; readonly others: readonly NatsDelivery[] } {
    const dispatched = this.#dispatched.takeAll();
    const others = [...this.#waiting.splice(0), ...this.#released.splice(0), ...this.#parked];
    for (const delivery of [...dispatched, ...this.#parked]) revocation.revoke(delivery);
    this.#parked.clear();
    this.#notify();
    return { dispatched, others };
  }

  /**
   * Revokes a message that the server redelivers because its lease has expired. Returns the number of handlers that
   * were processing it.
   */
  revokeRedelivered(sequence: number): number {
    this.#waiting = this.#waiting.filter((one) => one.sequence !== sequence);
    const isIt = (one: NatsDelivery): boolean => one.sequence === sequence;
    const dispatched = this.#dispatched.all().filter(isIt);
    for (const delivery of [...dispatched, ...[...this.#parked].filter(isIt)]) {
      this.settle(delivery);
      revocation.revoke(delivery);
    }
    return dispatched.length;
  }

  *[Symbol.iterator](): Iterator<NatsDelivery> {
    yield* this.#dispatched.all();
    yield* this.#waiting;
    yield* this.#released;
    yield* this.#parked;
  }

  /** Resolves once no handler has a message. */
  handlersDone(): Promise<void> {
    return this.#dispatched.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#onHandlersDone.push(resolve));
  }

  /** Resolves once no handler has a message and none waits. */
  allSettled(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onAllSettled.push(resolve));
  }

  #notify(): void {
    if (this.#dispatched.size === 0) for (const resolve of this.#onHandlersDone.splice(0)) resolve();
    if (this.size === 0) for (const resolve of this.#onAllSettled.splice(0)) resolve();
  }
}
