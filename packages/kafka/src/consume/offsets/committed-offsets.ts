import { CODE, KafkaRefusal, checkCode } from "../../connection/protocol/codes.ts";
import type { Cluster } from "../../connection/protocol/cluster.ts";
import { repeatRequest } from "../../connection/repeat-request.ts";
import { partitionName, type TopicPartition } from "../../topology/topic-partition.ts";

export interface CommittedOffset extends TopicPartition {
  /** The next offset to read; absent when the group has no committed offset. */
  readonly offset: number | undefined;
  readonly metadata: string | null;
}

/** Returns the committed offsets of a group. @throws KafkaRefusal */
export function committedOf(
  cluster: Cluster,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<readonly CommittedOffset[]> {
  return repeatRequest({ clock: cluster.clock, before: () => cluster.forgetCoordinator(group) }, () =>
    fetchCommitted(cluster, group, partitions),
  );
}

async function fetchCommitted(
  cluster: Cluster,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<readonly CommittedOffset[]> {
  const answer = await cluster.toCoordinator(group, [
    "OffsetFetch",
    { groupId: group, topics: byTopic(partitions, ({ partition }) => ({ partition })) },
  ]);
  // Some brokers answer with this code for a group that does not exist yet; Kafka answers without offsets.
  if (answer.errorCode === CODE.groupNotFound)
    return partitions.map((each) => ({ ...each, offset: undefined, metadata: null }));
  checkCode(answer.errorCode, `group ${group}`);
  return answer.responses.flatMap(({ topic, partitions: all }) =>
    all.map(({ partition, offset, metadata, errorCode }) => {
      checkCode(errorCode, `group ${group} of topic ${topic}`);
      return { topic, partition, offset: Number(offset) < 0 ? undefined : Number(offset), metadata };
    }),
  );
}

const TIMESTAMP = { earliest: -2, latest: -1 } as const;

/** Returns the earliest or the latest offsets of partitions, by partition name. @throws KafkaRefusal */
export function endsOf(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  which: "earliest" | "latest",
): Promise<ReadonlyMap<string, number>> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  return repeatRequest({ clock: cluster.clock, before: () => cluster.lookUp(topics) }, () =>
    fetchEnds(cluster, partitions, which),
  );
}

async function fetchEnds(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  which: "earliest" | "latest",
): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>();
  const leaders = new Map<number, TopicPartition[]>();
  for (const each of partitions) {
    const leader = cluster.leaderOf(each.topic, each.partition);
    if (leader < 0) throw new KafkaRefusal(CODE.leaderNotAvailable, `topic ${each.topic}`);
    const together = leaders.get(leader);
    if (together === undefined) leaders.set(leader, [each]);
    else together.push(each);
  }
  await Promise.all(
    [...leaders].map(async ([leader, together]) => {
      const timestamp = TIMESTAMP[which];
      const { responses } = await cluster.toNode(leader, [
        "ListOffsets",
        {
          replicaId: -1,
          isolationLevel: 1,
          topics: byTopic(together, ({ partition }) => ({ partition, timestamp })),
        },
      ]);
      for (const { topic, partitions: all } of responses)
        for (const { partition, offset, errorCode } of all) {
          checkCode(errorCode, `topic ${topic}`);
          ends.set(partitionName(topic, partition), Number(offset));
        }
    }),
  );
  return ends;
}

/** Groups partitions by topic, in the form of the protocol. */
export function byTopic<Part extends TopicPartition, Shaped>(
  partitions: readonly Part[],
  shape: (part: Part) => Shaped,
): readonly { readonly topic: string; readonly partitions: readonly Shaped[] }[] {
  const topics = new Map<string, Shaped[]>();
  for (const each of partitions) {
    const shaped = topics.get(each.topic);
    if (shaped === undefined) topics.set(each.topic, [shape(each)]);
    else shaped.push(shape(each));
  }
  return [...topics].map(([topic, shaped]) => ({ topic, partitions: shaped }));
}

/** An offset to commit. */
export interface OffsetToCommit extends TopicPartition {
  readonly offset: number;
}

/** Commits offsets for a group without members. @throws KafkaRefusal, also when the group has members */
export function commitOffsets(
  cluster: Cluster,
  groupId: string,
  offsets: readonly OffsetToCommit[],
): Promise<void> {
  return repeatRequest(
    { clock: cluster.clock, before: () => cluster.forgetCoordinator(groupId) },
    async () => {
      const { responses } = await cluster.toCoordinator(groupId, [
        "OffsetCommit",
        {
          groupId,
          groupGenerationId: -1,
          memberId: "",
          topics: byTopic(offsets, ({ partition, offset }) => ({
            partition,
            offset: String(offset),
            metadata: null,
          })),
        },
      ]);
      for (const { topic, partitions } of responses)
        for (const { errorCode } of partitions) checkCode(errorCode, `group ${groupId} of topic ${topic}`);
    },
  );
}
