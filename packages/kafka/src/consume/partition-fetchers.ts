import { sleep, type Problems } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { partitionName } from "../topology/topic-partition.ts";
import { messagesLost, partitionStalled, type Warn } from "../warnings.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import { Fetcher, type FetchPlan } from "./fetcher.ts";
import { MOST_GAPS, SPAN } from "./offsets/commit-metadata.ts";
import { endsOf } from "./offsets/committed-offsets.ts";

const PAUSE_MS = 100;

export interface PartitionFetchersOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly groupId: string;
  readonly warn: Warn;
  readonly problems: Problems;
  /** The partitions of this member. */
  readonly partitions: () => Iterable<AssignedPartition>;
  /** Whether only delay tiers are read at the moment. */
  readonly isPaused: () => boolean;
  /** Whether nothing is read any more. */
  readonly isStopped: () => boolean;
  /** Whether the start offset of some partition is still unknown. */
  readonly isResuming: () => boolean;
  readonly onRecords: () => void;
  readonly onLookedUp: () => void;
}

/**
 * Reads the partitions of a member. Delay tiers have a fetcher, and so connections, of their own: they are many and mostly
 * idle, and a fetch that waits for them must not hold up the lanes.
 */
export class PartitionFetchers {
  readonly #options: PartitionFetchersOptions;
  readonly #lanes: Fetcher;
  readonly #delays: Fetcher;

  constructor(options: PartitionFetchersOptions) {
    this.#options = options;
    this.#lanes = this.#fetcher(false);
    this.#delays = this.#fetcher(true);
  }

  /** Starts fetches for every partition that may take more records. */
  fetch(): void {
    this.#lanes.fetchFromIdleLeaders();
    this.#delays.fetchFromIdleLeaders();
  }

  stop(): void {
    this.#lanes.stop();
    this.#delays.stop();
  }

  #fetcher(isDelay: boolean): Fetcher {
    const { cluster, environment, warn, problems, onRecords, onLookedUp } = this.#options;
    return new Fetcher({
      cluster,
      environment,
      plan: () => this.#plan(isDelay),
      onRecords: ({ topic, number }, records, next) => {
        const partition = this.#find(topic, number);
        if (partition === undefined || partition.tracker.next > next) return;
        const before = partition.tracker.offset;
        partition.tracker.add(records, next);
        // Offsets without a message, such as control records, are settled as soon as they are read.
        if (partition.tracker.offset !== before) partition.isDirty = true;
        onRecords();
      },
      onOutOfRange: ({ topic, number }) => this.#skipLost(topic, number),
      onLookedUp,
      warn,
      problems,
    });
  }

  #find(topic: string, number: number): AssignedPartition | undefined {
    for (const partition of this.#options.partitions())
      if (partition.topic === topic && partition.number === number) return partition;
    return undefined;
  }

  #plan(isDelay: boolean): FetchPlan {
    const { partitions, isPaused, isStopped, isResuming, warn } = this.#options;
    const isReading = !isStopped() && (isDelay || !isPaused());
    const all = isReading
      ? [...partitions()].filter((each) => each.isDelay === isDelay && !each.isLeaving && !each.isLost)
      : [];
    for (const { topic, number, tracker } of all)
      if (tracker.isBlocked && !isDelay)
        warn(partitionStalled({ topic, number, next: tracker.offset }, { gaps: MOST_GAPS, span: SPAN }));
    const fetched = all.filter(({ tracker }) => tracker.canFetch);
    return {
      partitions: fetched.map(({ topic, number, tracker }) => ({ topic, number, next: tracker.next })),
      isPartial: fetched.length < all.length || isResuming(),
    };
  }

  /** Continues at the oldest record that the broker still has, and warns that the records before it are lost. */
  async #skipLost(topic: string, number: number): Promise<void> {
    const { cluster, environment, groupId, warn, onRecords } = this.#options;
    const partition = this.#find(topic, number);
    if (partition === undefined) return;
    const starts = await endsOf(cluster, [{ topic, partition: number }], "earliest").catch(() => undefined);
    const start = starts?.get(partitionName(topic, number));
    const { tracker } = partition;
    // Records that were fetched before are settled first.
    if (start === undefined || partition.isLost || tracker.waiting + tracker.inFlight > 0)
      return sleep(environment.clock, PAUSE_MS);
    warn(messagesLost({ topic, number, next: tracker.next }, groupId, start));
    tracker.seek(start);
    partition.isDirty = true;
    onRecords();
  }
}
