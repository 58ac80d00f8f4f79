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
  /** Whether the broker has had this group before: its own topic exists. */
  readonly isKnown: (ownTopic: string) => boolean;
}

/**
 * Gives a group a place in each partition where it has none, from which on it misses nothing. A new group begins where its
 * handlers ask for. A group that was here before begins at the oldest record: the broker has forgotten how far it was, or
 * the partition was added meanwhile.
 */
export async function setInitialOffsets(
  { topic, group, lanes, from }: Topology["groups"][number],
  placing: InitialOffsetsOptions,
): Promise<void> {
  const { cluster, names, warn, isKnown } = placing;
  const { groupId, messageTopics, ownTopic } = sourceTopicsOf(
    { kind: "topic", name: topic, group, lanes },
    names,
  );
  const [place = ""] = messageTopics;
  const count = (await cluster.findPartitionCount(place)) ?? 0;
  const partitions: readonly TopicPartition[] = Array.from({ length: count }, (_, partition) => ({
    topic: place,
    partition,
  }));
  // In this order: another process may place the group meanwhile, and what is published from then on must not be passed.
  const ends = await endsOf(cluster, partitions, isKnown(ownTopic) ? "earliest" : from);
  const committed = await committedOf(cluster, groupId, partitions);
  const fresh = committed.filter(({ offset }) => offset === undefined);
  if (fresh.length === 0) return;
  if (isKnown(ownTopic) && fresh.length === count) warn(groupForgotten(groupId, place));
  try {
    await commitOffsets(
      cluster,
      groupId,
      fresh.map(({ partition }) => ({
        topic: place,
        partition,
        offset: ends.get(partitionName(place, partition)) ?? 0,
      })),
    );
  } catch (error) {
    if (!isInUse(error)) throw error;
  }
}

/** The group has members meanwhile: whoever let them in has placed it, and they begin at the oldest record of what is added. */
function isInUse(error: unknown): boolean {
  return (
    error instanceof KafkaRefusal &&
    (error.code === CODE.unknownMember ||
      error.code === CODE.illegalGeneration ||
      error.code === CODE.rebalanceInProgress)
  );
}
