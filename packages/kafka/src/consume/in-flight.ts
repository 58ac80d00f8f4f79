import { revocation } from "@waybill/core/transport-kit";
import type { KafkaDelivery } from "./delivery.ts";

/** The messages in flight of one member: with the consumer, or on their way to another topic. */
export class InFlight {
  readonly #running = new Set<KafkaDelivery>();
  /** Deliveries that cannot be stored elsewhere at the moment. They do not count in the window. */
  readonly #resting = new Set<KafkaDelivery>();
  #moving = 0;
  #whenEmpty: (() => void)[] = [];

  /** The number of deliveries that count in the window. */
  get size(): number {
    return this.#running.size;
  }

  /** The number of deliveries that rest. */
  get resting(): number {
    return this.#resting.size;
  }

  add(delivery: KafkaDelivery): void {
    this.#running.add(delivery);
  }

  /** Removes a settled delivery. */
  free(delivery: KafkaDelivery): void {
    delivery.isLive = false;
    this.#running.delete(delivery);
    this.#resting.delete(delivery);
  }

  /** Takes a delivery out of the window until it can be stored elsewhere. */
  rest(delivery: KafkaDelivery): void {
    if (this.#running.delete(delivery)) this.#resting.add(delivery);
  }

  /** Counts a message that is on its way to another topic. Returns a function that ends the count; it may be called again. */
  beginMove(): () => void {
    let isOver = false;
    this.#moving += 1;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#moving -= 1;
      this.onSettled();
    };
  }

  /** Revokes all deliveries, and returns them: the consumer's later settlements are ignored. */
  revokeAll(): readonly KafkaDelivery[] {
    const revoked = [...this.#running, ...this.#resting];
    this.#running.clear();
    this.#resting.clear();
    for (const delivery of revoked) revocation.revoke(delivery);
    this.#resolveEmpty();
    return revoked;
  }

  /** Called after a settlement. */
  onSettled(): void {
    if (this.#running.size === 0 && this.#moving === 0) this.#resolveEmpty();
  }

  /** Resolves once nothing is in flight, or all deliveries are revoked. */
  empty(): Promise<void> {
    return this.#running.size === 0 && this.#moving === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  #resolveEmpty(): void {
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}
