import type { Cancel, Clock } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { AssignedPartition } from "./assigned-partition.ts";

const TIMEOUT_MS = 10_000;

export interface TrimOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly trimMs: number;
  /** Topics that one group reads and nobody else. */
  readonly trimmedTopics: readonly string[];
  readonly partitions: () => Iterable<AssignedPartition>;
}

/**
 * Now and then lets the broker remove what is settled: these topics keep records for ever otherwise, so that none is lost
 * that nobody has handled yet. Who may not do it, or fails, leaves it for the next time.
 */
export class Trim {
  readonly #options: TrimOptions;
  #cancel: Cancel | undefined = undefined;

  constructor(options: TrimOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, trimMs } = this.#options;
    this.#cancel = clock.schedule(trimMs, () => {
      void this.#run().catch(() => undefined);
      this.start();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  async #run(): Promise<void> {
    const { cluster, trimmedTopics: topics, partitions } = this.#options;
    for (const partition of partitions()) {
      const { topic, number, committed, trimmed: purged } = partition;
      if (partition.isLost || committed <= purged || !topics.includes(topic)) continue;
      await cluster.toNode(cluster.leaderOf(topic, number), [
        "DeleteRecords",
        {
          topics: [{ topic, partitions: [{ partition: number, offset: String(committed) }] }],
          timeout: TIMEOUT_MS,
        },
      ]);
      partition.trimmed = committed;
    }
  }
}
