import { revocation } from "@waybill/core/transport-kit";
import type { KafkaDelivery } from "./delivery.ts";

/** What has left a member's partitions and is not settled: in the handlers' hands, or on its way elsewhere. */
export class InFlight {
  readonly #running = new Set<KafkaDelivery>();
  /** Those that cannot be stored elsewhere at the moment: they take no place in the window. */
  readonly #resting = new Set<KafkaDelivery>();
  #moving = 0;
  #whenEmpty: (() => void)[] = [];

  /** How many deliveries the handlers have. */
  get size(): number {
    return this.#running.size;
  }

  /** How many deliveries rest. */
  get resting(): number {
    return this.#resting.size;
  }

  add(delivery: KafkaDelivery): void {
    this.#running.add(delivery);
  }

  /** A delivery is settled. */
  free(delivery: KafkaDelivery): void {
    delivery.isLive = false;
    this.#running.delete(delivery);
    this.#resting.delete(delivery);
  }

  /** A delivery is neither with a handler nor waited for. */
  rest(delivery: KafkaDelivery): void {
    if (this.#running.delete(delivery)) this.#resting.add(delivery);
  }

  /** Counts what is on its way elsewhere, until the function that it returns is called, however often. */
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

  /** What is in the handlers' hands is not theirs any more. */
  revokeAll(): readonly KafkaDelivery[] {
    const taken = [...this.#running, ...this.#resting];
    this.#running.clear();
    this.#resting.clear();
    for (const delivery of taken) revocation.revoke(delivery);
    this.#resolveEmpty();
    return taken;
  }

  /** Something was settled. */
  onSettled(): void {
    if (this.#running.size === 0 && this.#moving === 0) this.#resolveEmpty();
  }

  /** Resolves once nothing is outstanding, or all was taken back. */
  empty(): Promise<void> {
    return this.#running.size === 0 && this.#moving === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  #resolveEmpty(): void {
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}
