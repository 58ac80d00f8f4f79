import { AFTER_A_FAULT, type Deliver, type Settlement } from "@waybill/core/transport";
import { InFlightList } from "@waybill/core/transport-kit";
import { MemoryDelivery } from "./delivery.ts";
import type { Entry } from "./entry.ts";
import type { Lane } from "../lanes/lane.ts";

/** What a member tells its queue. */
export interface Settler {
  settle(member: Member, delivery: MemoryDelivery, settlement: Settlement): void;
}

/** One subscription to a queue: a window of deliveries in the hands of one consumer. */
export class Member {
  readonly #deliver: Deliver;
  readonly #settler: Settler;
  readonly group: string;
  readonly held: InFlightList<MemoryDelivery> = new InFlightList();
  /** Settled, but above something that is not: on a broker that remembers a watermark it comes again if the member is lost. */
  readonly uncommitted: { readonly entry: Entry; readonly from: Lane }[] = [];
  window = 0;
  /** Takes nothing new, but still owns what it finishes. */
  isLeaving = false;
  /** Its connection is gone, and the broker does not know yet. */
  #isSilent = false;
  #whenEmpty: (() => void)[] = [];

  constructor(deliver: Deliver, group: string, settler: Settler) {
    this.#deliver = deliver;
    this.group = group;
    this.#settler = settler;
  }

  get free(): number {
    return this.isLeaving ? 0 : this.window - this.held.size;
  }

  take(entry: Entry, lane: Lane): void {
    const delivery = new MemoryDelivery(entry, lane);
    lane.held += 1;
    this.held.add(delivery);
    if (this.#isSilent) return void (delivery.isLive = false);
    const settle = (settlement: Settlement): void => this.#settler.settle(this, delivery, settlement);
    // A consumer must not throw; one that does gets its message again, but neither at once nor without end.
    this.#call(delivery).then(settle, () => settle(AFTER_A_FAULT));
  }

  /** From now on nothing reaches it, and no answer comes from it: what it holds stays so until it leaves. */
  fallSilent(): void {
    this.#isSilent = true;
    for (const delivery of this.held.all()) delivery.isLive = false;
  }

  /** Forgets a delivery that is settled or taken back. */
  drop(delivery: MemoryDelivery): void {
    this.held.remove(delivery);
    delivery.from.held -= 1;
    if (this.held.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  /** Remembers what was settled until everything below it in its lane is settled too. */
  commit({ entry, from }: MemoryDelivery): void {
    this.uncommitted.push({ entry: { ...entry }, from });
    let watermark = Number.POSITIVE_INFINITY;
    for (const held of this.held.all())
      if (held.from === from) watermark = Math.min(watermark, held.entry.position);
    const above = this.uncommitted.filter((one) => one.from !== from || one.entry.position > watermark);
    this.uncommitted.splice(0, this.uncommitted.length, ...above);
  }

  /** Resolves once nothing is held. */
  empty(): Promise<void> {
    return this.held.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  #call(delivery: MemoryDelivery): Promise<Settlement> {
    try {
      return this.#deliver(delivery);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
