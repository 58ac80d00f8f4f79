import { AFTER_A_FAULT, type Settlement } from "@waybill/core/transport";
import { dueOf } from "../wire/own-headers.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import { KafkaDelivery } from "./delivery.ts";
import { applyImmediateRetry } from "./forward/forward.ts";
import type { SubscriptionOptions } from "./subscription-options.ts";
import type { SubscriptionParts } from "./subscription-parts.ts";

/**
 * Dispatches the messages of a subscription to the consumer, partition by partition, and carries out the settlements.
 */
export class Dispatcher {
  /** How many deliveries may be unsettled. */
  window = 0;
  /** Whether dispatching is interrupted, because the connection is lost. */
  isSuspended = false;
  readonly #options: SubscriptionOptions;
  readonly #parts: SubscriptionParts;
  readonly #onFree: (delivery: KafkaDelivery) => void;
  #turn = 0;
  #isStopped = false;

  /** @param onFree called when a delivery is settled */
  constructor(
    options: SubscriptionOptions,
    parts: SubscriptionParts,
    onFree: (delivery: KafkaDelivery) => void,
  ) {
    this.#options = options;
    this.#parts = parts;
    this.#onFree = onFree;
  }

  /** Dispatches waiting messages until the window is full; the partitions take turns. */
  dispatch(): void {
    const { assigned, groupMember, inFlight, spillOver } = this.#parts;
    if (this.#isStopped || this.isSuspended || this.window === 0 || !groupMember.isInSession) return;
    const partitions = assigned.dispatchable();
    let idle = 0;
    while (inFlight.size < this.window && idle < partitions.length) {
      const partition = partitions[this.#turn % partitions.length];
      this.#turn += 1;
      if (partition === undefined || !this.#dispatchFrom(partition)) idle += 1;
      else idle = 0;
    }
    if (inFlight.size >= this.window) spillOver.watch();
  }

  /** Stops dispatching for good. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Dispatches one message of a partition. Returns false when the partition has nothing to dispatch at the moment. */
  #dispatchFrom(partition: AssignedPartition): boolean {
    if (partition.tracker.waiting === 0) return false;
    if (partition.tracker.committedWindow < this.window + this.#parts.inFlight.resting) {
      // The window is committed before messages are delivered, so that the next owner counts a crash of this process
      // as an attempt.
      this.#parts.committer.schedule(partition);
      return false;
    }
    const entry = partition.tracker.take();
    if (entry === undefined) return false;
    const { environment, sourceTopics } = this.#options;
    const due = dueOf(entry.record, environment.clock.now());
    if (due !== undefined && due > environment.clock.now() && sourceTopics.delayTopic !== undefined) {
      this.#parts.forwarder.delay(partition, entry, { delayTopic: sourceTopics.delayTopic, due });
      return true;
    }
    this.#deliver(new KafkaDelivery(partition, entry, sourceTopics.destination));
    return true;
  }

  #deliver(delivery: KafkaDelivery): void {
    this.#parts.inFlight.add(delivery);
    const settle = (settlement: Settlement): void => {
      if (delivery.isLive) this.#settle(delivery, settlement);
    };
    // By contract the consumer does not throw. If it does, the message is redelivered after a pause, as one more attempt.
    this.#call(delivery).then(settle, () => settle(AFTER_A_FAULT));
  }

  #call(delivery: KafkaDelivery): Promise<Settlement> {
    try {
      return this.#options.deliver(delivery);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #settle(delivery: KafkaDelivery, settlement: Settlement): void {
    const { partition, entry } = delivery;
    const { delayTopic } = this.#options.sourceTopics;
    if (settlement.type === "ack") {
      partition.tracker.settle(entry);
    } else if (settlement.type === "release") {
      partition.tracker.release(entry);
    } else if (settlement.type === "retry" && (settlement.delayMs === 0 || delayTopic === undefined)) {
      applyImmediateRetry(entry, settlement.headers);
      return this.#parts.immediateRetries.retry(delivery, () => {
        partition.tracker.release(entry);
        this.#onFree(delivery);
      });
    } else return this.#parts.forwarder.settle(delivery, settlement);
    this.#onFree(delivery);
  }
}
