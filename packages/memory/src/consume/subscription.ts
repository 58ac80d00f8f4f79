import type { Deliver, Delivery, Report, Settlement, Source, Subscription } from "@waybill/core/transport";
import { withDeadline } from "@waybill/core/transport-kit";
import type { MemoryBroker } from "../connection/broker.ts";
import type { Member } from "./member.ts";
import type { Queue } from "./queue.ts";

/** Runs the broker's reaction to a lost connection: at once, or when the broker detects the loss. */
export type LossDetection = (run: () => void) => void;

export interface SubscriptionOptions {
  readonly source: Source;
  readonly deliver: Deliver;
  readonly report: Report | undefined;
}

/** A subscription to a queue. It leaves the queue while the connection is lost or the queue is deleted. */
export class MemorySubscription implements Subscription {
  #queue: Queue;
  readonly #broker: MemoryBroker;
  readonly #options: SubscriptionOptions;
  readonly #stopWatching: () => void;
  #member: Member;
  #window = 0;
  #isDraining = false;
  #isConnected = true;

  constructor(queue: Queue, broker: MemoryBroker, options: SubscriptionOptions) {
    this.#queue = queue;
    this.#broker = broker;
    this.#options = options;
    this.#member = this.#join();
    this.#stopWatching = broker.onTopology(() => this.#onTopologyChange());
  }

  credit(window: number): void {
    this.#window = window;
    this.#queue.setWindow(this.#member, window);
  }

  /** Each call has its own deadline. The earliest deadline ends all calls. */
  async drain(deadline: number): Promise<void> {
    this.#isDraining = true;
    this.#stopWatching();
    const member = this.#member;
    this.#queue.retire(member);
    await withDeadline(this.#broker.environment.clock, deadline, member.whenIdle());
    this.#queue.leave(member, () => this.#broker.countsRelease());
  }

  /**
   * Handles the loss of the connection. Until the broker detects the loss, it delivers messages to this
   * member and receives no settlement. It then redelivers the messages in flight. A redelivery counts as an attempt if
   * `isCounted` returns true.
   */
  lose(isCounted: (delivery: Delivery) => boolean, onDetected: LossDetection): void {
    this.#isConnected = false;
    const member = this.#member;
    member.stopResponding();
    onDetected(() => this.#queue.leave(member, isCounted));
  }

  /** Revokes a delivery, if it belongs to this subscription. */
  takeBack(delivery: Delivery): void {
    for (const each of this.#member.inFlight.all())
      if (each === delivery) this.#queue.takeBack(this.#member, each);
  }

  /** Stores the retry or dead letter of a settlement, if the delivery belongs to this subscription. */
  copy(delivery: Delivery, settlement: Settlement): void {
    for (const each of this.#member.inFlight.all())
      if (each === delivery) this.#queue.copy(this.#member, each, settlement);
  }

  /** Joins the queue again on a new connection. */
  resume(): void {
    this.#isConnected = true;
    if (this.#isDraining) return;
    this.#queue = this.#broker.queueOf(this.#options.source) ?? this.#queue;
    this.#member = this.#join();
    this.#queue.setWindow(this.#member, this.#window);
  }

  /** Ends the subscription of a dead process. */
  end(): void {
    this.#stopWatching();
  }

  #join(): Member {
    return this.#queue.join(this.#options.deliver, this.#options.source.group);
  }

  /** Handles a deleted or recreated queue. */
  #onTopologyChange(): void {
    const { source, report } = this.#options;
    const queue = this.#broker.queueOf(source);
    if (queue === undefined)
      report?.(`${nameOf(source)} was deleted. It delivers nothing until it is provisioned again.`);
    if (queue === undefined || queue === this.#queue) return;
    this.#queue.leave(this.#member, () => true);
    this.#queue = queue;
    if (this.#isConnected) this.resume();
    report?.(undefined);
  }
}

/** Returns the name of a source, for warnings. */
function nameOf(source: Source): string {
  return source.kind === "dead-letters"
    ? `The dead-letter queue of ${source.group}`
    : `The ${source.kind} ${source.name}`;
}
