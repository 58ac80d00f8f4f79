import type { Cancel, Clock } from "@waybill/core/transport";
import type { Cluster } from "./protocol/cluster.ts";

/** Between two looks at the topics that are read: partitions are added, and topics are deleted and created again. */
const EVERY_MS = 5_000;

export interface Reader {
  readonly topics: readonly string[];
  /** Its topics were looked up. */
  look(): void;
}

export interface RefreshOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly isUp: () => boolean;
  readonly readers: () => Iterable<Reader>;
}

/** Looks the topics of all readers up, now and then. A look that fails is made again the next time. */
export class Refresh {
  readonly #options: RefreshOptions;
  #cancel: Cancel | undefined = undefined;

  constructor(options: RefreshOptions) {
    this.#options = options;
  }

  start(): void {
    this.#cancel = this.#options.clock.schedule(EVERY_MS, () => {
      this.start();
      void this.#look();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    const { cluster, isUp, readers } = this.#options;
    const topics = new Set([...readers()].flatMap((reader) => reader.topics));
    if (topics.size === 0 || !isUp()) return;
    const isAnswered = await cluster.lookUp([...topics]).then(
      () => true,
      () => false,
    );
    if (isAnswered) for (const reader of readers()) reader.look();
  }
}
