import { sleep } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import { CODE, KafkaRefusal } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { NewTopic } from "../connection/protocol/protocol.ts";
import { repeatRequest } from "../connection/repeat-request.ts";

const PAUSE_MS = 50;
const PATIENCE_MS = 20_000;
const TIMEOUT_MS = 10_000;

/** A topic that provisioning must find or create. */
export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  /** How an existing topic's number of partitions is compared; absent when any number will do. */
  readonly partitionRule: "exactly" | "at least" | undefined;
  /** Whether another program created the topic. */
  readonly isExternal?: boolean;
  /** How long the broker keeps records; absent for records that are kept until they are settled. */
  readonly retentionMs: number | undefined;
  /** The largest batch, in bytes. Default: the broker's. */
  readonly largestBatch?: number;
}

/** The most partitions in one request: a controller refuses more than 10,000 changes at a time. */
const MOST_PARTITIONS = 2_000;

/** Creates the topics that do not exist, and waits until they can be written to. Other processes may do the same at the same time. */
export async function createTopics(
  cluster: Cluster,
  environment: Environment,
  { wanted, replication }: { readonly wanted: readonly WantedTopic[]; readonly replication: number },
): Promise<void> {
  for (const together of requestsOf(wanted)) {
    await create(cluster, together, replication);
    await waitForLeaders(
      cluster,
      environment,
      together.map(({ name }) => name),
    );
  }
}

/** Splits topics over several requests. */
function requestsOf(wanted: readonly WantedTopic[]): readonly (readonly WantedTopic[])[] {
  const all: WantedTopic[][] = [];
  let left = 0;
  for (const topic of wanted) {
    const last = all.at(-1);
    if (last === undefined || left < topic.partitions) {
      all.push([topic]);
      left = MOST_PARTITIONS;
    } else last.push(topic);
    left -= topic.partitions;
  }
  return all;
}

/** Repeats the request for the topics that the controller could not create yet. */
async function create(cluster: Cluster, wanted: readonly WantedTopic[], replication: number): Promise<void> {
  const open = new Map(wanted.map((topic) => [topic.name, topic]));
  await repeatRequest({ clock: cluster.clock, before: () => cluster.lookUp([]) }, async () => {
    const { topicErrors } = await cluster.toController("CreateTopics", {
      topics: [...open.values()].map((topic) => requestOf(topic, replication)),
      validateOnly: false,
      timeout: TIMEOUT_MS,
    });
    let failure: KafkaRefusal | undefined;
    for (const { topic, errorCode, errorMessage } of topicErrors)
      if (errorCode === CODE.none || errorCode === CODE.topicExists) open.delete(topic);
      else failure = worse(failure, new KafkaRefusal(errorCode, `topic ${topic}`, errorMessage));
    if (failure !== undefined) throw failure;
  });
}

/** Returns the refusal to report: a final one rather than a retriable one. */
function worse(one: KafkaRefusal | undefined, other: KafkaRefusal): KafkaRefusal {
  return one === undefined || one.isRetriable ? other : one;
}

function requestOf(
  { name, partitions, retentionMs, largestBatch }: WantedTopic,
  replication: number,
): NewTopic {
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor: replication,
    configEntries: [
      { name: "cleanup.policy", value: "delete" },
      { name: "retention.ms", value: String(retentionMs ?? -1) },
      { name: "retention.bytes", value: "-1" },
      // The broker's default may be a compression that this process cannot read.
      { name: "compression.type", value: "producer" },
      ...(largestBatch === undefined ? [] : [{ name: "max.message.bytes", value: String(largestBatch) }]),
    ],
  };
}

/** Adds partitions to topics, and waits until they can be written to. */
export async function addPartitions(
  cluster: Cluster,
  environment: Environment,
  wanted: readonly WantedTopic[],
): Promise<void> {
  if (wanted.length === 0) return;
  await repeatRequest({ clock: cluster.clock, before: () => cluster.lookUp([]) }, async () => {
    const { topicErrors } = await cluster.toController("CreatePartitions", {
      topicPartitions: wanted.map(({ name, partitions }) => ({ topic: name, count: partitions })),
      validateOnly: false,
      timeout: TIMEOUT_MS,
    });
    for (const { topic, errorCode, errorMessage } of topicErrors)
      // `invalidPartitions`: another process has added them meanwhile.
      if (errorCode !== CODE.none && errorCode !== CODE.invalidPartitions)
        throw new KafkaRefusal(errorCode, `topic ${topic}`, errorMessage);
  });
  await waitForLeaders(
    cluster,
    environment,
    wanted.map(({ name }) => name),
  );
}

/** Waits until every partition has a leader: brokers learn of a new topic one after the other. */
async function waitForLeaders(
  cluster: Cluster,
  environment: Environment,
  names: readonly string[],
): Promise<void> {
  const last = environment.clock.now() + PATIENCE_MS;
  for (;;) {
    await cluster.lookUp(names);
    const isLed = (name: string): boolean => cluster.topic(name)?.every((leader) => leader >= 0) === true;
    const missing = names.find((name) => !isLed(name));
    if (missing === undefined) return;
    if (environment.clock.now() > last) throw new KafkaRefusal(CODE.leaderNotAvailable, `topic ${missing}`);
    await sleep(environment.clock, PAUSE_MS);
  }
}
