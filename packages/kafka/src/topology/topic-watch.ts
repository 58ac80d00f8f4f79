import type { Clock } from "@waybill/core/transport";
import type { Problems } from "@waybill/core/transport-kit";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { partitionsAdded, type Warn } from "../warnings.ts";
import { allTopicsOf, type SourceTopics } from "./sources.ts";

/** How long a topic is missing before it counts as deleted: a broker that has just started may not know it yet. */
const GONE_MS = 2_000;

export interface TopicWatchOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly sourceTopics: SourceTopics;
  readonly warn: Warn;
  readonly problems: Problems;
}

/** Watches the topics of a source for deletions and added partitions. While a topic is deleted, the source is impaired. */
export class TopicWatch {
  readonly #options: TopicWatchOptions;
  readonly #missingSince = new Map<string, number>();

  constructor(options: TopicWatchOptions) {
    this.#options = options;
  }

  /** Called after a look-up of the topics. */
  check(): void {
    const { cluster, clock, sourceTopics, warn, problems } = this.#options;
    const [first = ""] = sourceTopics.messageTopics;
    const partitions = cluster.partitionCountOf(first);
    if (sourceTopics.lanes !== undefined && partitions > sourceTopics.lanes)
      warn(partitionsAdded(first, sourceTopics.lanes, partitions));
    for (const topic of allTopicsOf(sourceTopics)) {
      if (cluster.partitionCountOf(topic) > 0) {
        this.#missingSince.delete(topic);
        problems.clear(`topic ${topic}`);
      } else if (!this.#missingSince.has(topic)) {
        this.#missingSince.set(topic, clock.now());
      } else if (this.isGone(topic)) {
        problems.set(
          `topic ${topic}`,
          `Topic ${topic} was deleted. Create it again: start a bus that provisions it, or use a tool of Kafka. The adapter reads it as soon as it exists.`,
        );
      }
    }
  }

  /** Whether a topic was deleted. */
  isGone(topic: string): boolean {
    const since = this.#missingSince.get(topic);
    return since !== undefined && this.#options.clock.now() - since >= GONE_MS;
  }

  /** Whether all topics existed at the last look-up. */
  get isComplete(): boolean {
    return this.#missingSince.size === 0;
  }
}
