import { InFlightList, revocation } from "@waybill/core/transport-kit";
import type { NatsDelivery } from "./delivery.ts";

/** The deliveries of one consumer that are in this process's hands: those that wait, those that are out, those that came back, and those that rest. */
export class HeldMessages {
  #waiting: NatsDelivery[] = [];
  readonly #open = new InFlightList<NatsDelivery>();
  /** Released by handlers of a lane: they go back together, in order. */
  #left: NatsDelivery[] = [];
  /** Kept until they can be stored elsewhere; they take no place in the window, and nobody waits for them. */
  readonly #resting = new Set<NatsDelivery>();
  #whenEmpty: (() => void)[] = [];
  #whenDone: (() => void)[] = [];

  /** How many may still be settled one by one. */
  get size(): number {
    return this.#waiting.length + this.#open.size;
  }

  get waits(): number {
    return this.#waiting.length;
  }

  add(delivery: NatsDelivery): void {
    this.#waiting.push(delivery);
  }

  /** The next to be handed out; it is out from then on. */
  next(): NatsDelivery | undefined {
    const delivery = this.#waiting.shift();
    if (delivery !== undefined) this.#open.add(delivery);
    return delivery;
  }

  /** It takes no place any more, and is live all the same. */
  rest(delivery: NatsDelivery): void {
    this.#open.remove(delivery);
    this.#resting.add(delivery);
    this.#tell();
  }

  /** It is settled. */
  drop(delivery: NatsDelivery): void {
    delivery.isLive = false;
    this.#open.remove(delivery);
    this.#resting.delete(delivery);
    this.#tell();
  }

  /** It is not settled, and out no more. */
  leave(delivery: NatsDelivery): void {
    this.#left.push(delivery);
    this.drop(delivery);
  }

  takeWaiting(): readonly NatsDelivery[] {
    const waiting = this.#waiting.splice(0);
    this.#tell();
    return waiting;
  }

  /** Takes back what is out; all that was held is the answer, what was out first. */
  revoke(): { readonly open: readonly NatsDelivery[]; readonly rest: readonly NatsDelivery[] } {
    const open = this.#open.takeAll();
    const rest = [...this.#waiting.splice(0), ...this.#left.splice(0), ...this.#resting];
    for (const delivery of [...open, ...this.#resting]) revocation.revoke(delivery);
    this.#resting.clear();
    this.#tell();
    return { open, rest };
  }

  /** A message that comes again while it is held was given up for lost: its lease had run out. Answers how many were out. */
  forget(sequence: number): number {
    this.#waiting = this.#waiting.filter((one) => one.sequence !== sequence);
    const isIt = (one: NatsDelivery): boolean => one.sequence === sequence;
    const out = this.#open.all().filter(isIt);
    for (const delivery of [...out, ...[...this.#resting].filter(isIt)]) {
      this.drop(delivery);
      revocation.revoke(delivery);
    }
    return out.length;
  }

  *[Symbol.iterator](): Iterator<NatsDelivery> {
    yield* this.#open.all();
    yield* this.#waiting;
    yield* this.#left;
    yield* this.#resting;
  }

  /** Resolves once nothing is out. */
  empty(): Promise<void> {
    return this.#open.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Resolves once nothing is out and nothing waits. */
  done(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenDone.push(resolve));
  }

  #tell(): void {
    if (this.#open.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
    if (this.size === 0) for (const resolve of this.#whenDone.splice(0)) resolve();
  }
}
