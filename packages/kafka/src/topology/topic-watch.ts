import type { Clock } from "@waybill/core/transport";
import type { Problems } from "@waybill/core/transport-kit";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { partitionsAdded, type Warn } from "../warnings.ts";
import { allTopicsOf, type SourceTopics } from "./sources.ts";

/** How long a topic is missed before it counts as deleted: a broker that has just started may not know it yet. */
const GONE_MS = 2_000;

export interface TopicWatchOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly sourceTopics: SourceTopics;
  readonly warn: Warn;
  readonly problems: Problems;
}

/** Watches whether the topics of a source exist, and are as they were. A source whose topic was deleted is impaired until the topic is there again. */
export class TopicWatch {
  readonly #options: TopicWatchOptions;
  readonly #missingSince = new Map<string, number>();

  constructor(options: TopicWatchOptions) {
    this.#options = options;
  }

  /** Called after a look at the cluster. */
  check(): void {
    const { cluster, clock, sourceTopics, warn, problems } = this.#options;
    const [place = ""] = sourceTopics.messageTopics;
    const partitions = cluster.partitionCountOf(place);
    if (sourceTopics.lanes !== undefined && partitions > sourceTopics.lanes)
      warn(partitionsAdded(place, sourceTopics.lanes, partitions));
    for (const topic of allTopicsOf(sourceTopics)) {
      if (cluster.partitionCountOf(topic) > 0) {
        this.#missingSince.delete(topic);
        problems.clear(`topic ${topic}`);
      } else if (!this.#missingSince.has(topic)) {
        this.#missingSince.set(topic, clock.now());
      } else if (this.isGone(topic)) {
        problems.set(
          `topic ${topic}`,
          `Topic ${topic} does not exist any more: somebody has deleted it. Create it again, by starting a bus that provisions it, or by hand; it is read as soon as it exists.`,
        );
      }
    }
  }

  /** Whether a topic was deleted. */
  isGone(topic: string): boolean {
    const since = this.#missingSince.get(topic);
    return since !== undefined && this.#options.clock.now() - since >= GONE_MS;
  }

  get isComplete(): boolean {
    return this.#missingSince.size === 0;
  }
}
