import type { Subscription } from "@waybill/core/transport";
import { withDeadline } from "@waybill/core/transport-kit";
import { allTopicsOf, type SourceTopics } from "../topology/sources.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import type { KafkaDelivery } from "./delivery.ts";
import { Dispatcher } from "./dispatcher.ts";
import { leaveGroup } from "./leave-group.ts";
import type { SubscriptionOptions } from "./subscription-options.ts";
import { createParts, type SubscriptionParts } from "./subscription-parts.ts";

/** The least time for leaving the group, also when the deadline has passed. */
const LEAVE_MS = 250;

/** A member of the consumer group of a source, with one window of unsettled deliveries over all its partitions. */
export class KafkaSubscription implements Subscription {
  readonly sourceTopics: SourceTopics;
  readonly topics: readonly string[];
  readonly #options: SubscriptionOptions;
  readonly #parts: SubscriptionParts;
  readonly #dispatcher: Dispatcher;
  #isDraining = false;
  #isProceeding = false;
  #isLate = false;
  #leaving: Promise<void> | undefined = undefined;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.sourceTopics = options.sourceTopics;
    this.topics = allTopicsOf(options.sourceTopics);
    this.#parts = createParts(options, {
      window: () => this.#dispatcher.window,
      isDraining: () => this.#isDraining,
      onProgress: () => this.#proceed(),
      onCommitted: () => this.#dispatcher.dispatch(),
      onRest: () => {
        this.#parts.spillOver.pause();
        this.#proceedSoon();
      },
      onFree: (delivery) => this.#onFree(delivery),
      onSettled: (partition) => this.#onSettled(partition),
      onTopicsLookedUp: () => this.onTopicsLookedUp(),
    });
    this.#dispatcher = new Dispatcher(options, this.#parts, (delivery) => this.#onFree(delivery));
  }

  /** Resolves when this member has joined the group. @throws when the broker refuses it */
  async open(): Promise<void> {
    this.#parts.trim.start();
    await this.#parts.groupMember.start();
  }

  /** Called after a look-up of the topics. Partitions may have been added, and topics deleted or created again. */
  onTopicsLookedUp(): void {
    if (this.#isDraining) return;
    const { topicWatch, assigned, groupMember } = this.#parts;
    topicWatch.check();
    assigned.followTopics();
    if (topicWatch.isComplete) groupMember.rejoinIfUnitsChanged();
  }

  /** How many deliveries are unsettled. */
  get unsettled(): number {
    return this.#parts.inFlight.size;
  }

  credit(window: number): void {
    this.#dispatcher.window = window;
    if (!this.#isDraining) this.#proceed();
  }

  /** Called when the connection is lost: the group may give the partitions to other members meanwhile. */
  suspend(): void {
    this.#dispatcher.isSuspended = true;
    for (const { partition, entry } of this.#parts.inFlight.revokeAll()) {
      entry.lostDeliveries += 1;
      partition.tracker.release(entry);
    }
  }

  /** Called when the connection is back. */
  resume(): void {
    this.#dispatcher.isSuspended = false;
    this.#parts.groupMember.heartbeatNow();
  }

  async drain(deadline: number): Promise<void> {
    const { assigned, committer, forwarder, groupMember, immediateRetries, inFlight, spillOver, trim } =
      this.#parts;
    this.#isDraining = true;
    this.#dispatcher.stop();
    spillOver.stop();
    trim.stop();
    assigned.stopReading();
    const { clock } = this.#options.environment;
    immediateRetries.end();
    await withDeadline(clock, deadline, inFlight.empty());
    forwarder.end();
    for (const { partition, entry } of inFlight.revokeAll()) partition.tracker.release(entry);
    this.#leaving ??= leaveGroup({
      clock,
      assigned,
      committer,
      groupMember,
      isUp: this.#options.isUp,
      isLate: () => this.#isLate,
    });
    await withDeadline(clock, Math.max(deadline, clock.now() + LEAVE_MS), this.#leaving);
    this.#isLate = true;
    groupMember.end();
    assigned.end();
    committer.stop();
  }

  /** Starts the timers of delayed messages, dispatches and fetches, as far as each is possible now. */
  #proceed(): void {
    if (this.#isDraining) return;
    const { assigned, delays } = this.#parts;
    for (const partition of assigned.all())
      if (partition.isDelay && !partition.isLeaving) delays?.take(partition);
    this.#dispatcher.dispatch();
    assigned.fetch();
  }

  /** Proceeds once for all settlements of this turn of the event loop. */
  #proceedSoon(): void {
    if (this.#isProceeding) return;
    this.#isProceeding = true;
    setImmediate(() => {
      this.#isProceeding = false;
      this.#proceed();
    });
  }

  #onFree(delivery: KafkaDelivery): void {
    this.#parts.inFlight.free(delivery);
    this.#parts.spillOver.pause();
    this.#onSettled(delivery.partition);
  }

  #onSettled(partition: AssignedPartition): void {
    const { assigned, committer, inFlight } = this.#parts;
    if (!partition.isLost) committer.schedule(partition);
    assigned.onSettled(partition);
    inFlight.onSettled();
    this.#proceedSoon();
  }
}
