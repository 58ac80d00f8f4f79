import type { Cluster } from "../../connection/protocol/cluster.ts";
import { OffsetTracker } from "./offset-tracker.ts";
import { committedOf, endsOf, type CommittedOffset } from "./committed-offsets.ts";
import { partitionName, type TopicPartition } from "../../topology/topic-partition.ts";
import type { AssignedPartition } from "../assigned-partition.ts";
import { readCommit, takenOver } from "./commit-metadata.ts";
import type { SourceTopics } from "../../topology/sources.ts";

interface ResumeOptions {
  readonly cluster: Cluster;
  readonly sourceTopics: SourceTopics;
  /** Whether the partitions are delay tiers. */
  readonly isDelay: boolean;
}

/**
 * Returns partitions to read, each from the group's committed state; without one, from the oldest record.
 * @param asked committed offsets of these and other partitions, if they were requested already
 * @throws KafkaRefusal
 */
export async function resumePartitions(
  parts: readonly TopicPartition[],
  asked: Promise<readonly CommittedOffset[]> | undefined,
  { cluster, sourceTopics, isDelay }: ResumeOptions,
): Promise<readonly AssignedPartition[]> {
  if (parts.length === 0) return [];
  const names = new Set(parts.map(({ topic, partition }) => partitionName(topic, partition)));
  const all = await (asked ?? committedOf(cluster, sourceTopics.groupId, parts));
  const committed = all.filter(({ topic, partition }) => names.has(partitionName(topic, partition)));
  const fresh = committed.filter(({ offset }) => offset === undefined);
  const starts = await endsOf(cluster, fresh, "earliest");
  return committed.map(({ topic, partition, offset, metadata }) => ({
    topic,
    number: partition,
    tracker: new OffsetTracker(
      takenOver(readCommit(offset ?? starts.get(partitionName(topic, partition)) ?? 0, metadata)),
    ),
    isDelay,
    lane: isDelay || sourceTopics.lanes === undefined ? undefined : partition,
    committed: offset ?? 0,
    trimmed: offset ?? 0,
    isDirty: false,
    isLost: false,
    isLeaving: false,
  }));
}
