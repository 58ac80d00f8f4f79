import type { Environment } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { createTopics } from "./create-topics.ts";
import { REPLY_TOPIC } from "./names.ts";

/** How long the broker keeps replies. */
const RETENTION_MS = 3_600_000;

export interface ReplyTopicOptions {
  readonly partitions: number;
  /** How many brokers hold each record; -1 for the broker's default. */
  readonly replication: number;
}

/** Creates the topic of all replies, unless it exists. */
export async function createReplyTopic(
  cluster: Cluster,
  environment: Environment,
  { partitions, replication }: ReplyTopicOptions,
): Promise<void> {
  if ((await cluster.findPartitionCount(REPLY_TOPIC)) !== undefined) return;
  await createTopics(cluster, environment, {
    wanted: [{ name: REPLY_TOPIC, partitions, partitionRule: undefined, retentionMs: RETENTION_MS }],
    replication,
  });
}
