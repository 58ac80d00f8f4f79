import type { Cancel, Clock } from "@waybill/core/transport";
import type { Cluster } from "./protocol/cluster.ts";

/** The time between two look-ups: partitions are added, and topics are deleted and created again. */
const INTERVAL_MS = 5_000;

/** A reader of topics. */
export interface Reader {
  readonly topics: readonly string[];
  /** Called after every look-up of its topics. */
  onTopicsLookedUp(): void;
}

export interface MetadataRefreshOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly isUp: () => boolean;
  readonly readers: () => Iterable<Reader>;
}

/** Looks up the topics of all readers at regular intervals. After a failed look-up it waits for the next interval. */
export class MetadataRefresh {
  readonly #options: MetadataRefreshOptions;
  #cancel: Cancel | undefined = undefined;

  constructor(options: MetadataRefreshOptions) {
    this.#options = options;
  }

  start(): void {
    this.#cancel = this.#options.clock.schedule(INTERVAL_MS, () => {
      this.start();
      void this.#refresh();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  async #refresh(): Promise<void> {
    const { cluster, isUp, readers } = this.#options;
    const topics = new Set([...readers()].flatMap((reader) => reader.topics));
    if (topics.size === 0 || !isUp()) return;
    const isAnswered = await cluster.lookUp([...topics]).then(
      () => true,
      () => false,
    );
    if (isAnswered) for (const reader of readers()) reader.onTopicsLookedUp();
  }
}
