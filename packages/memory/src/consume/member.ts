import { AFTER_A_FAULT, type Deliver, type Settlement } from "@waybill/core/transport";
import { InFlightList } from "@waybill/core/transport-kit";
import { MemoryDelivery } from "./delivery.ts";
import type { Entry } from "./entry.ts";
import type { Lane } from "../lanes/lane.ts";

/** The queue of a member, which carries out its settlements. */
export interface Settler {
  settle(member: Member, delivery: MemoryDelivery, settlement: Settlement): void;
}

/** One subscription to a queue: a window of deliveries in flight to one consumer. */
export class Member {
  readonly #deliver: Deliver;
  readonly #settler: Settler;
  readonly group: string;
  readonly inFlight: InFlightList<MemoryDelivery> = new InFlightList();
  /** The settled messages above an unsettled one. A broker with a watermark redelivers them if the member is lost. */
  readonly uncommitted: { readonly entry: Entry; readonly from: Lane }[] = [];
  window = 0;
  /** Whether the member receives no new messages. It keeps its lanes until its deliveries are settled. */
  isLeaving = false;
  /** Whether the connection is lost and the broker has not detected the loss. */
  #isSilent = false;
  #whenIdle: (() => void)[] = [];

  constructor(deliver: Deliver, group: string, settler: Settler) {
    this.#deliver = deliver;
    this.group = group;
    this.#settler = settler;
  }

  get free(): number {
    return this.isLeaving ? 0 : this.window - this.inFlight.size;
  }

  take(entry: Entry, lane: Lane): void {
    const delivery = new MemoryDelivery(entry, lane);
    lane.inFlight += 1;
    this.inFlight.add(delivery);
    if (this.#isSilent) return void (delivery.isLive = false);
    const settle = (settlement: Settlement): void => this.#settler.settle(this, delivery, settlement);
    // A consumer must not throw. If it does, it receives the message again after a delay, up to a limit.
    this.#call(delivery).then(settle, () => settle(AFTER_A_FAULT));
  }

  /** Stops passing on deliveries and settlements. The deliveries in flight stay unsettled until the member leaves. */
  stopResponding(): void {
    this.#isSilent = true;
    for (const delivery of this.inFlight.all()) delivery.isLive = false;
  }

  /** Removes a delivery that is settled or revoked. */
  remove(delivery: MemoryDelivery): void {
    this.inFlight.remove(delivery);
    delivery.from.inFlight -= 1;
    if (this.inFlight.size === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** Keeps a settled message until all messages below it in its lane are settled too. */
  commit({ entry, from }: MemoryDelivery): void {
    this.uncommitted.push({ entry: { ...entry }, from });
    let watermark = Number.POSITIVE_INFINITY;
    for (const other of this.inFlight.all())
      if (other.from === from) watermark = Math.min(watermark, other.entry.position);
    const above = this.uncommitted.filter((one) => one.from !== from || one.entry.position > watermark);
    this.uncommitted.splice(0, this.uncommitted.length, ...above);
  }

  /** Resolves once no delivery is in flight. */
  whenIdle(): Promise<void> {
    return this.inFlight.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #call(delivery: MemoryDelivery): Promise<Settlement> {
    try {
      return this.#deliver(delivery);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
