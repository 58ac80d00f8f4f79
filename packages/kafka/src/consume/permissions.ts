import type { Source } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { CODE, isForbidden } from "../connection/protocol/codes.ts";
import { notPermitted, provisioningError, unknownSource } from "../errors.ts";
import { deadLetterTopicName } from "../topology/names.ts";
import type { SourceTopics } from "../topology/sources.ts";

const EMPTY_PRODUCE = {
  acks: -1,
  timeout: 1_000,
  compression: 0,
  transactionalId: null,
  producerId: "-1",
  producerEpoch: -1,
} as const;

/** An offset that no topic has. */
const NO_OFFSET = String(Number.MAX_SAFE_INTEGER);

/**
 * Checks that the topics of a source exist, with the partitions that its contract needs. A source without lanes takes any
 * number of partitions.
 * @throws MessagingError `unroutable`, `not-permitted`, `disconnected`
 */
export async function checkSourceExists(
  cluster: Cluster,
  source: Source,
  sourceTopics: SourceTopics,
): Promise<void> {
  const { messageTopics, delayTopic, lanes } = sourceTopics;
  await lookUp(cluster, source, delayTopic === undefined ? messageTopics : [...messageTopics, delayTopic]);
  if (lanes === undefined) return;
  // The lane of a key is a partition of the topic, and the same partition of the group's own topic.
  const different = messageTopics.find((topic) =>
    topic === messageTopics[0]
      ? cluster.partitionCountOf(topic) !== lanes
      : cluster.partitionCountOf(topic) < lanes,
  );
  if (different !== undefined)
    throw unknownSource(source, different, { lanes, partitions: cluster.partitionCountOf(different) });
}

/**
 * Checks, before the first message, that this user may read the topics of a source and write to the topics that its messages
 * move to. It sends a fetch and an empty batch, which the broker refuses, to the first partition of each topic. Other
 * failures are ignored here; they show when the topic is used.
 * @throws MessagingError `not-permitted`, `unroutable`, `disconnected`
 */
export async function checkPermissions(
  cluster: Cluster,
  source: Source,
  sourceTopics: SourceTopics,
): Promise<void> {
  const { messageTopics, ownTopic, delayTopic } = sourceTopics;
  const deadLetterTopic = deadLetterTopicName(source.group);
  if (delayTopic !== undefined) await lookUp(cluster, source, [deadLetterTopic]);
  const read = delayTopic === undefined ? messageTopics : [...messageTopics, delayTopic];
  const written = delayTopic === undefined ? [] : [ownTopic, delayTopic, deadLetterTopic];
  const probes = [
    ...read.map((topic) => ({ topic, operation: "READ", codeOf: readCode })),
    ...written.map((topic) => ({ topic, operation: "WRITE", codeOf: writeCode })),
  ];
  await Promise.all(
    probes.map(async ({ topic, operation, codeOf }) => {
      const code = await codeOf(cluster, topic).catch(() => CODE.none);
      if (isForbidden(code)) throw notPermitted(`topic ${topic}`, operation);
    }),
  );
}

async function lookUp(cluster: Cluster, source: Source, topics: readonly string[]): Promise<void> {
  try {
    await cluster.lookUp(topics);
  } catch (error) {
    throw provisioningError(`topic ${topics.join(", ")}`, error);
  }
  const missing = topics.find((topic) => cluster.topic(topic) === undefined);
  if (missing !== undefined) throw unknownSource(source, missing);
}

async function readCode(cluster: Cluster, topic: string): Promise<number> {
  const { errorCode, responses } = await cluster.toNode(cluster.leaderOf(topic, 0), [
    "Fetch",
    {
      replicaId: -1,
      isolationLevel: 1,
      maxWaitTime: 0,
      minBytes: 0,
      maxBytes: 1,
      rackId: "",
      topics: [
        {
          topic,
          partitions: [{ partition: 0, fetchOffset: NO_OFFSET, maxBytes: 1 }],
        },
      ],
    },
  ]);
  return responses[0]?.partitions[0]?.errorCode ?? errorCode;
}

async function writeCode(cluster: Cluster, topic: string): Promise<number> {
  const { topics } = await cluster.toNode(cluster.leaderOf(topic, 0), [
    "Produce",
    {
      ...EMPTY_PRODUCE,
      topicData: [
        {
          topic,
          partitions: [{ partition: 0, firstSequence: -1, messages: [] }],
        },
      ],
    },
  ]);
  return topics[0]?.partitions[0]?.errorCode ?? CODE.none;
}
