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
  /** A delivery takes no place in the window any more, although it is not settled. */
  readonly onRest: () => void;
  /** A delivery is settled. */
  readonly onFree: (delivery: KafkaDelivery) => void;
  /** A message of a partition has moved, or will not. */
  readonly onSettled: (partition: AssignedPartition) => void;
}

/** The messages of one subscription that are on their way to another topic. */
export class Forwarder {
  readonly forwarding: Forwarding;
  readonly #options: ForwarderOptions;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.forwarding = new Forwarding({ clock: options.environment.clock, problems: options.problems });
  }

  /** A retry goes to a waiting room, what is given up to the dead letters. */
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
    void this.#while(partition, move, () => {
      if (!delivery.isLive) return;
      partition.tracker.settle(entry);
      onFree(delivery);
    });
  }

  /** A message that is not due goes to a waiting room. */
  delay(
    partition: AssignedPartition,
    entry: Entry,
    to: { readonly delayTopic: string; readonly due: number },
  ): void {
    const { environment, publisher, sourceTopics } = this.#options;
    const { forwarding } = this;
    const aside = { environment, publisher, forwarding, lanes: sourceTopics.lanes, ...to };
    void this.#while(
      partition,
      (onRest) => delayEntry(partition, entry, { ...aside, onRest }),
      () => partition.tracker.settle(entry),
    );
  }

  end(): void {
    this.forwarding.end();
  }

  /** A message is on its way elsewhere, and then its partition has one less. */
  async #while(
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
