import type { Cancel, Clock } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { AssignedPartition } from "./assigned-partition.ts";

const TIMEOUT_MS = 10_000;

export interface TrimOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly trimMs: number;
  /** Topics that no other group reads. */
  readonly trimmedTopics: readonly string[];
  readonly partitions: () => Iterable<AssignedPartition>;
}

/**
 * Deletes settled records at regular intervals. The topics have no retention time, so that no unsettled record expires. A
 * deletion that fails, also for lack of permission, is tried again after the next interval.
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
    const { cluster, trimmedTopics, partitions } = this.#options;
    for (const partition of partitions()) {
      const { topic, number, committed, trimmed } = partition;
      if (partition.isLost || committed <= trimmed || !trimmedTopics.includes(topic)) continue;
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
