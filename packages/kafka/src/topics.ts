import { sleep, type Ground } from "@waybill/core/transport";
import { CODE, checkCode } from "./driver/codes.ts";
import type { Cluster } from "./driver/cluster.ts";

const PAUSE_MS = 50;
const PATIENCE_MS = 20_000;
const TIMEOUT_MS = 10_000;

/** A topic to have. */
export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  /** How long records are kept; absent: until they are handled. */
  readonly retentionMs: number | undefined;
  /** The largest batch, in bytes; absent: as the broker is set up. */
  readonly largest?: number;
}

/** Creates topics that do not exist and waits until they can be written to; also while another process does the same. */
export async function createTopics(
  cluster: Cluster,
  ground: Ground,
  { wanted, replication }: { readonly wanted: readonly WantedTopic[]; readonly replication: number },
): Promise<void> {
  if (wanted.length === 0) return;
  const { topicErrors } = await cluster.toController("CreateTopics", {
    topics: wanted.map(({ name, partitions, retentionMs, largest }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: replication,
      configEntries: [
        { name: "cleanup.policy", value: "delete" },
        { name: "retention.ms", value: String(retentionMs ?? -1) },
        { name: "retention.bytes", value: "-1" },
        ...(largest === undefined ? [] : [{ name: "max.message.bytes", value: String(largest) }]),
      ],
    })),
    validateOnly: false,
    timeout: TIMEOUT_MS,
  });
  for (const { topic, errorCode } of topicErrors)
    if (errorCode !== CODE.topicExists) checkCode(errorCode, `topic ${topic}`);
  await untilLed(
    cluster,
    ground,
    wanted.map(({ name }) => name),
  );
}

/** Brokers hear of a new topic one after the other. */
async function untilLed(cluster: Cluster, ground: Ground, names: readonly string[]): Promise<void> {
  const last = ground.clock.now() + PATIENCE_MS;
  for (;;) {
    await cluster.lookUp(names);
    const isLed = (name: string): boolean => cluster.topic(name)?.every((leader) => leader >= 0) === true;
    const missing = names.find((name) => !isLed(name));
    if (missing === undefined) return;
    if (ground.clock.now() > last)
      throw new Error(`the topic ${missing} was created and has no leader after ${PATIENCE_MS} ms`);
    await sleep(ground.clock, PAUSE_MS);
  }
}
