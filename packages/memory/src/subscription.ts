import type { Delivery, Settlement, Subscription } from "@waybill/core/transport";
import type { MemoryBroker } from "./broker.ts";
import type { Member } from "./member.ts";
import type { Queue } from "./queue.ts";

/** When the broker hears of something: at once, or it keeps the call for later. */
export type Hearing = (run: () => void) => void;

/** A member's place at its queue; left for a while when the connection is lost. */
export class MemorySubscription implements Subscription {
  readonly #queue: Queue;
  readonly #broker: MemoryBroker;
  readonly #join: () => Member;
  #member: Member;
  #window = 0;
  #isDraining = false;

  constructor(queue: Queue, broker: MemoryBroker, join: () => Member) {
    this.#queue = queue;
    this.#broker = broker;
    this.#join = join;
    this.#member = join();
  }

  credit(window: number): void {
    this.#window = window;
    this.#queue.setWindow(this.#member, window);
  }

  /** Each call keeps its own deadline: the earliest of them ends all. */
  async drain(deadline: number): Promise<void> {
    this.#isDraining = true;
    const member = this.#member;
    this.#queue.retire(member);
    await new Promise<void>((resolve) => {
      const { clock } = this.#broker.ground;
      const cancel = clock.schedule(deadline - clock.now(), resolve);
      void member.empty().then(() => {
        cancel();
        resolve();
      });
    });
    this.#queue.leave(member, () => this.#broker.countsRelease());
  }

  /**
   * The connection is gone: the broker takes everything back, and counts an attempt or not. Until it hears of it, what it
   * hands to this member reaches nobody, and no answer reaches it.
   */
  lose(isCounted: (delivery: Delivery) => boolean, hear: Hearing): void {
    const member = this.#member;
    member.fallSilent();
    hear(() => this.#queue.leave(member, isCounted));
  }

  /** The broker takes this delivery back, if it is one of ours. */
  takeBack(delivery: Delivery): void {
    for (const held of this.#member.held.all())
      if (held === delivery) this.#queue.takeBack(this.#member, held);
  }

  /** Stores anew what a settlement moves elsewhere, if the delivery is one of ours. */
  copy(delivery: Delivery, settlement: Settlement): void {
    for (const held of this.#member.held.all())
      if (held === delivery) this.#queue.copy(this.#member, held, settlement);
  }

  /** The connection is back. */
  resume(): void {
    if (this.#isDraining) return;
    this.#member = this.#join();
    this.#queue.setWindow(this.#member, this.#window);
  }
}
