import type { Deliver, Delivery, Report, Settlement, Source, Subscription } from "@waybill/core/transport";
import { withDeadline } from "@waybill/core/transport-kit";
import type { MemoryBroker } from "../connection/broker.ts";
import type { Member } from "./member.ts";
import type { Queue } from "./queue.ts";

/** When the broker hears of something: at once, or it keeps the call for later. */
export type Hearing = (run: () => void) => void;

export interface PlaceFacts {
  readonly source: Source;
  readonly deliver: Deliver;
  readonly report: Report | undefined;
}

/** A member's place at its queue; left for a while when the connection is lost, and while the queue is deleted. */
export class MemorySubscription implements Subscription {
  #queue: Queue;
  readonly #broker: MemoryBroker;
  readonly #place: PlaceFacts;
  readonly #stopWatching: () => void;
  #member: Member;
  #window = 0;
  #isDraining = false;
  #isConnected = true;

  constructor(queue: Queue, broker: MemoryBroker, place: PlaceFacts) {
    this.#queue = queue;
    this.#broker = broker;
    this.#place = place;
    this.#member = this.#join();
    this.#stopWatching = broker.onTopology(() => this.#look());
  }

  credit(window: number): void {
    this.#window = window;
    this.#queue.setWindow(this.#member, window);
  }

  /** Each call keeps its own deadline: the earliest of them ends all. */
  async drain(deadline: number): Promise<void> {
    this.#isDraining = true;
    this.#stopWatching();
    const member = this.#member;
    this.#queue.retire(member);
    await withDeadline(this.#broker.environment.clock, deadline, member.empty());
    this.#queue.leave(member, () => this.#broker.countsRelease());
  }

  /**
   * The connection is gone: the broker takes everything back, and counts an attempt or not. Until it hears of it, what it
   * hands to this member reaches nobody, and no answer reaches it.
   */
  lose(isCounted: (delivery: Delivery) => boolean, hear: Hearing): void {
    this.#isConnected = false;
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
    this.#isConnected = true;
    if (this.#isDraining) return;
    this.#queue = this.#broker.queueOf(this.#place.source) ?? this.#queue;
    this.#member = this.#join();
    this.#queue.setWindow(this.#member, this.#window);
  }

  /** The process is gone. */
  end(): void {
    this.#stopWatching();
  }

  #join(): Member {
    return this.#queue.join(this.#place.deliver, this.#place.source.group);
  }

  /** Somebody may have deleted the queue, or made it anew. */
  #look(): void {
    const { source, report } = this.#place;
    const queue = this.#broker.queueOf(source);
    if (queue === undefined)
      report?.(`${nameOf(source)} was deleted: nothing comes from it until it is provisioned again.`);
    if (queue === undefined || queue === this.#queue) return;
    this.#queue.leave(this.#member, () => true);
    this.#queue = queue;
    if (this.#isConnected) this.resume();
    report?.(undefined);
  }
}

/** A source for people. */
function nameOf(source: Source): string {
  return source.kind === "dead-letters"
    ? `The place of the dead letters of ${source.group}`
    : `The ${source.kind} ${source.name}`;
}
