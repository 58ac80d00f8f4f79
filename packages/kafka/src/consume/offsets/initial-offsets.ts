import type { Topology } from "@waybill/core/transport";
import { CODE, KafkaRefusal } from "../../connection/protocol/codes.ts";
import type { Cluster } from "../../connection/protocol/cluster.ts";
import type { Names } from "../../topology/names.ts";
import { groupForgotten, type Warn } from "../../warnings.ts";
import { commitOffsets, committedOf, endsOf } from "./committed-offsets.ts";
import { partitionName, type TopicPartition } from "../../topology/topic-partition.ts";
import { sourceTopicsOf } from "../../topology/sources.ts";

export interface InitialOffsetsOptions {
  readonly cluster: Cluster;
  readonly names: Names;
  readonly warn: Warn;
  /** Whether the group existed before, as its own topic shows. */
  readonly isKnown: (ownTopic: string) => boolean;
}

/**
 * Commits an initial offset for a group in each partition that has none, so that the group misses no message from then on. A
 * new group begins where its subscription asks for. A group that existed before begins at the oldest record: the broker has
 * forgotten its offsets, or the partition is new.
 */
export async function setInitialOffsets(
  { topic, group, lanes, from }: Topology["groups"][number],
  options: InitialOffsetsOptions,
): Promise<void> {
  const { cluster, names, warn, isKnown } = options;
  const { groupId, messageTopics, ownTopic } = sourceTopicsOf(
    { kind: "topic", name: topic, group, lanes },
    names,
  );
  const [first = ""] = messageTopics;
  const count = (await cluster.findPartitionCount(first)) ?? 0;
  const partitions: readonly TopicPartition[] = Array.from({ length: count }, (_, partition) => ({
    topic: first,
    partition,
  }));
  // The start positions are read before the committed offsets. Another process may commit initial offsets meanwhile,
  // and the group must not miss messages that are published after that.
  const ends = await endsOf(cluster, partitions, isKnown(ownTopic) ? "earliest" : from);
  const committed = await committedOf(cluster, groupId, partitions);
  const fresh = committed.filter(({ offset }) => offset === undefined);
  if (fresh.length === 0) return;
  if (isKnown(ownTopic) && fresh.length === count) warn(groupForgotten(groupId, first));
  try {
    await commitOffsets(
      cluster,
      groupId,
      fresh.map(({ partition }) => ({
        topic: first,
        partition,
        offset: ends.get(partitionName(first, partition)) ?? 0,
      })),
    );
  } catch (error) {
    if (!isInUse(error)) throw error;
  }
}

/** Whether the group has members by now. Then another process has set its offsets, and its members read new partitions from the start. */
function isInUse(error: unknown): boolean {
  return (
    error instanceof KafkaRefusal &&
    (error.code === CODE.unknownMember ||
      error.code === CODE.illegalGeneration ||
      error.code === CODE.rebalanceInProgress)
  );
}
