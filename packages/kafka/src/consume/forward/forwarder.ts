import { Forwarding, type Problems } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import type { KafkaDelivery } from "../delivery.ts";
import type { Entry } from "../offsets/offset-tracker.ts";
import type { InFlight } from "../in-flight.ts";
import type { AssignedPartition } from "../assigned-partition.ts";
import type { Publisher } from "../../publish/publisher.ts";
import { forwardDelivery, delayEntry, type ForwardSettlement } from "./forward.ts";
import type { SourceTopics } from "../../topology/sources.ts";

export interface ForwarderOptions {
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly sourceTopics: SourceTopics;
  readonly group: string;
  readonly problems: Problems;
  readonly inFlight: InFlight;
  /** Called when a delivery cannot be stored at the moment, and no longer counts in the window. */
  readonly onRest: () => void;
  /** Called when a delivery is settled. */
  readonly onFree: (delivery: KafkaDelivery) => void;
  /** Called when the move of a message has ended: the message is stored elsewhere, or its partition was lost. */
  readonly onSettled: (partition: AssignedPartition) => void;
}

/** Moves the messages of one subscription to other topics. */
export class Forwarder {
  readonly forwarding: Forwarding;
  readonly #options: ForwarderOptions;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.forwarding = new Forwarding({ clock: options.environment.clock, problems: options.problems });
  }

  /** Carries out a settlement: a retry moves to the delay topic, a dead letter to the dead-letter topic. */
  settle(delivery: KafkaDelivery, settlement: ForwardSettlement): void {
    const { inFlight, onRest, onFree } = this.#options;
    const { partition, entry } = delivery;
    const move = (end: () => void): Promise<boolean> =>
      forwardDelivery(delivery, settlement, {
        ...this.#options,
        forwarding: this.forwarding,
        onRest: () => {
          end();
          inFlight.rest(delivery);
          onRest();
        },
      });
    void this.#move(partition, move, () => {
      if (!delivery.isLive) return;
      partition.tracker.settle(entry);
      onFree(delivery);
    });
  }

  /** Moves a message that is not due to the delay topic. */
  delay(
    partition: AssignedPartition,
    entry: Entry,
    to: { readonly delayTopic: string; readonly due: number },
  ): void {
    const { environment, publisher, sourceTopics } = this.#options;
    const { forwarding } = this;
    const options = { environment, publisher, forwarding, lanes: sourceTopics.lanes, ...to };
    void this.#move(
      partition,
      (onRest) => delayEntry(partition, entry, { ...options, onRest }),
      () => partition.tracker.settle(entry),
    );
  }

  end(): void {
    this.forwarding.end();
  }

  /** Counts a message as moving until it is stored elsewhere or its partition is lost. */
  async #move(
    partition: AssignedPartition,
    move: (end: () => void) => Promise<boolean>,
    done: () => void,
  ): Promise<void> {
    const end = this.#options.inFlight.beginMove();
    const isStored = await move(end);
    if (isStored) done();
    end();
    this.#options.onSettled(partition);
  }
}
