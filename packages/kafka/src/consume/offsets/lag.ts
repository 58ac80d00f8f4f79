import type { Depth } from "@waybill/core/transport";
import type { Cluster } from "../../connection/protocol/cluster.ts";
import { committedOf, endsOf } from "./committed-offsets.ts";
import { partitionName, type TopicPartition } from "../../topology/topic-partition.ts";
import { readCommit } from "./commit-metadata.ts";
import { offsetCount } from "./offset-ranges.ts";
import type { SourceTopics } from "../../topology/sources.ts";

/**
 * Returns the depth of a source: the lag of its group, without the settled messages above the committed offset. Messages in
 * flight in other processes count as ready, because Kafka does not know of them.
 */
export async function depthOf(
  cluster: Cluster,
  sourceTopics: SourceTopics,
  unsettled: number,
): Promise<Depth> {
  const ready = (
    await Promise.all(sourceTopics.messageTopics.map((topic) => lagOf(cluster, sourceTopics.groupId, topic)))
  ).reduce((sum, lag) => sum + lag, 0);
  const delayed =
    sourceTopics.delayTopic === undefined
      ? 0
      : await lagOf(cluster, sourceTopics.groupId, sourceTopics.delayTopic);
  return { ready: Math.max(0, ready - unsettled), unsettled: undefined, delayed };
}

async function lagOf(cluster: Cluster, group: string, topic: string): Promise<number> {
  const count = (await cluster.findPartitionCount(topic)) ?? 0;
  const partitions: readonly TopicPartition[] = Array.from({ length: count }, (_, partition) => ({
    topic,
    partition,
  }));
  const committed = await committedOf(cluster, group, partitions);
  const [ends, starts] = await Promise.all([
    endsOf(cluster, partitions, "latest"),
    endsOf(cluster, partitions, "earliest"),
  ]);
  let lag = 0;
  for (const { partition, offset, metadata } of committed) {
    const name = partitionName(topic, partition);
    const from = offset ?? starts.get(name) ?? 0;
    lag += (ends.get(name) ?? from) - from - offsetCount(readCommit(from, metadata).settled);
  }
  return lag;
}
