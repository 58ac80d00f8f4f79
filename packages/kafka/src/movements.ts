import { Forwarding, type Ground, type Problems } from "@waybill/core/transport";
import type { KafkaDelivery } from "./delivery.ts";
import type { Entry } from "./ledger.ts";
import type { Outstanding } from "./outstanding.ts";
import type { Partition } from "./partition.ts";
import type { Publisher } from "./publisher.ts";
import { moveOn, putAside, type Moving } from "./settlement.ts";
import type { Site } from "./sources.ts";

export interface MovementsOptions {
  readonly ground: Ground;
  readonly publisher: Publisher;
  readonly site: Site;
  readonly group: string;
  readonly problems: Problems;
  readonly outstanding: Outstanding;
  /** A delivery takes no place in the window any more, although it is not settled. */
  readonly onRest: () => void;
  /** A delivery is settled. */
  readonly onFree: (delivery: KafkaDelivery) => void;
  /** A message of a partition has moved, or will not. */
  readonly onSettled: (partition: Partition) => void;
}

/** The messages of one subscription that are on their way to another topic. */
export class Movements {
  readonly forwarding: Forwarding;
  readonly #options: MovementsOptions;

  constructor(options: MovementsOptions) {
    this.#options = options;
    this.forwarding = new Forwarding({ clock: options.ground.clock, problems: options.problems });
  }

  /** A retry goes to a waiting room, what is given up to the dead letters. */
  settle(delivery: KafkaDelivery, settlement: Moving): void {
    const { outstanding, onRest, onFree } = this.#options;
    const { partition, entry } = delivery;
    const move = (end: () => void): Promise<boolean> =>
      moveOn(delivery, settlement, {
        ...this.#options,
        forwarding: this.forwarding,
        onRest: () => {
          end();
          outstanding.rest(delivery);
          onRest();
        },
      });
    void this.#while(partition, move, () => {
      if (!delivery.isLive) return;
      partition.ledger.settle(entry);
      onFree(delivery);
    });
  }

  /** A message that is not due goes to a waiting room. */
  delay(partition: Partition, entry: Entry, to: { readonly later: string; readonly due: number }): void {
    const { ground, publisher, site } = this.#options;
    const { forwarding } = this;
    const aside = { ground, publisher, forwarding, lanes: site.lanes, ...to };
    void this.#while(
      partition,
      (onRest) => putAside(partition, entry, { ...aside, onRest }),
      () => partition.ledger.settle(entry),
    );
  }

  end(): void {
    this.forwarding.end();
  }

  /** A message is on its way elsewhere, and then its partition has one less. */
  async #while(
    partition: Partition,
    move: (end: () => void) => Promise<boolean>,
    done: () => void,
  ): Promise<void> {
    const end = this.#options.outstanding.beginMove();
    const isStored = await move(end);
    if (isStored) done();
    end();
    this.#options.onSettled(partition);
  }
}
