import type { Cluster } from "../../connection/protocol/cluster.ts";
import { OffsetTracker } from "./offset-tracker.ts";
import { committedOf, endsOf, type Committed, type PartitionOf } from "./committed-offsets.ts";
import { partitionName } from "../../topology/partition-name.ts";
import type { AssignedPartition } from "../assigned-partition.ts";
import { readProgress, taken } from "./commit-metadata.ts";
import type { SourceTopics } from "../../topology/sources.ts";

interface Beginning {
  readonly cluster: Cluster;
  readonly site: SourceTopics;
  /** Whether they are waiting rooms. */
  readonly isLater: boolean;
}

/**
 * Partitions, each from where its last owner has left off; one that the group has never read, from its oldest record.
 * @param asked what the group has committed of these and others, where that was asked already
 * @throws KafkaRefusal
 */
export async function begunAt(
  parts: readonly PartitionOf[],
  asked: Promise<readonly Committed[]> | undefined,
  { cluster, site, isLater }: Beginning,
): Promise<readonly AssignedPartition[]> {
  if (parts.length === 0) return [];
  const names = new Set(parts.map(({ topic, partition }) => partitionName(topic, partition)));
  const all = await (asked ?? committedOf(cluster, site.groupId, parts));
  const committed = all.filter(({ topic, partition }) => names.has(partitionName(topic, partition)));
  const fresh = committed.filter(({ offset }) => offset === undefined);
  const starts = await endsOf(cluster, fresh, "earliest");
  return committed.map(({ topic, partition, offset, metadata }) => ({
    topic,
    number: partition,
    tracker: new OffsetTracker(
      taken(readProgress(offset ?? starts.get(partitionName(topic, partition)) ?? 0, metadata)),
    ),
    isLater,
    lane: isLater || site.lanes === undefined ? undefined : partition,
    committed: offset ?? 0,
    purged: offset ?? 0,
    isDirty: false,
    isLost: false,
    isLeaving: false,
  }));
}
