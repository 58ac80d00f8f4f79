import { sleep } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import { CODE, KafkaRefusal } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { NewTopic } from "../connection/protocol/protocol.ts";
import { repeatRequest } from "../connection/repeat-request.ts";

const PAUSE_MS = 50;
const PATIENCE_MS = 20_000;
const TIMEOUT_MS = 10_000;

/** A topic to have. */
export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  /** Whether one that exists must have that many partitions; absent: any number will do. */
  readonly partitionRule: "exactly" | "at least" | undefined;
  /** Somebody else has made it. */
  readonly isExternal?: boolean;
  /** How long records are kept; absent: until they are handled. */
  readonly retentionMs: number | undefined;
  /** The largest batch, in bytes; absent: as the broker is set up. */
  readonly largest?: number;
}

/** Partitions in one request: a controller refuses more than 10,000 changes at a time. */
const MOST_PARTITIONS = 2_000;

/** Creates topics that do not exist and waits until they can be written to; also while another process does the same. */
export async function createTopics(
  cluster: Cluster,
  environment: Environment,
  { wanted, replication }: { readonly wanted: readonly WantedTopic[]; readonly replication: number },
): Promise<void> {
  for (const together of portions(wanted)) {
    await create(cluster, together, replication);
    await untilLed(
      cluster,
      environment,
      together.map(({ name }) => name),
    );
  }
}

function portions(wanted: readonly WantedTopic[]): readonly (readonly WantedTopic[])[] {
  const all: WantedTopic[][] = [];
  let room = 0;
  for (const topic of wanted) {
    const last = all.at(-1);
    if (last === undefined || room < topic.partitions) {
      all.push([topic]);
      room = MOST_PARTITIONS;
    } else last.push(topic);
    room -= topic.partitions;
  }
  return all;
}

/** Asks again for those topics that the controller could not create at the moment. */
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

/** A final refusal is told before one that passes. */
function worse(one: KafkaRefusal | undefined, other: KafkaRefusal): KafkaRefusal {
  return one === undefined || one.isRetriable ? other : one;
}

function requestOf({ name, partitions, retentionMs, largest }: WantedTopic, replication: number): NewTopic {
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor: replication,
    configEntries: [
      { name: "cleanup.policy", value: "delete" },
      { name: "retention.ms", value: String(retentionMs ?? -1) },
      { name: "retention.bytes", value: "-1" },
      // The broker's own setting may be a compression that clients here cannot read.
      { name: "compression.type", value: "producer" },
      ...(largest === undefined ? [] : [{ name: "max.message.bytes", value: String(largest) }]),
    ],
  };
}

/** Adds partitions to topics of ours, and waits until they can be written to. */
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
      // Another process has added them meanwhile.
      if (errorCode !== CODE.none && errorCode !== CODE.invalidPartitions)
        throw new KafkaRefusal(errorCode, `topic ${topic}`, errorMessage);
  });
  await untilLed(
    cluster,
    environment,
    wanted.map(({ name }) => name),
  );
}

/** Brokers hear of a new topic one after the other. */
async function untilLed(cluster: Cluster, environment: Environment, names: readonly string[]): Promise<void> {
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
