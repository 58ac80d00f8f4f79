import type { Depth } from "@waybill/core/transport";
import type { Cluster } from "../../connection/protocol/cluster.ts";
import { committedOf, endsOf, type PartitionOf } from "./committed-offsets.ts";
import { partitionName } from "../../topology/partition-name.ts";
import { readProgress } from "./commit-metadata.ts";
import { lengthOf } from "./offset-ranges.ts";
import type { SourceTopics } from "../../topology/sources.ts";

/**
 * What a group has still to do: what was written and is not settled, by what was committed last. What other processes
 * hold counts as waiting; Kafka does not know of it.
 */
export async function depthOf(cluster: Cluster, site: SourceTopics, unsettled: number): Promise<Depth> {
  const ready = (await Promise.all(site.places.map((place) => lagOf(cluster, site.groupId, place)))).reduce(
    (sum, lag) => sum + lag,
    0,
  );
  const delayed = site.later === undefined ? 0 : await lagOf(cluster, site.groupId, site.later);
  return { ready: Math.max(0, ready - unsettled), unsettled: undefined, delayed };
}

async function lagOf(cluster: Cluster, group: string, topic: string): Promise<number> {
  const count = (await cluster.partitionsOf(topic)) ?? 0;
  const partitions: readonly PartitionOf[] = Array.from({ length: count }, (_, partition) => ({
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
    lag += (ends.get(name) ?? from) - from - lengthOf(readProgress(from, metadata).done);
  }
  return lag;
}
