import type { Source } from "@waybill/core/transport";
import { CODE, isForbidden } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { notPermitted, provisioningError, unknownSource } from "../errors.ts";
import { deadLetterTopicName } from "../topology/names.ts";
import type { SourceTopics } from "../topology/sources.ts";

const NOTHING_TO_WRITE = {
  acks: -1,
  timeout: 1_000,
  compression: 0,
  transactionalId: null,
  producerId: "-1",
  producerEpoch: -1,
} as const;

/** Nothing is there to be fetched, whatever a topic holds. */
const NOWHERE = String(Number.MAX_SAFE_INTEGER);

/**
 * Makes sure that a source is there as wanted. What has no order takes any number of partitions.
 * @throws MessagingError `unroutable` when it is not, `not-permitted`, `disconnected`
 */
export async function checkSourceExists(
  cluster: Cluster,
  source: Source,
  sourceTopics: SourceTopics,
): Promise<void> {
  const { messageTopics, delayTopic, lanes } = sourceTopics;
  await lookUp(cluster, source, delayTopic === undefined ? messageTopics : [...messageTopics, delayTopic]);
  if (lanes === undefined) return;
  // A key's lane is a partition of the topic, and of what is the group's own.
  const other = messageTopics.find((place) =>
    place === messageTopics[0]
      ? cluster.partitionCountOf(place) !== lanes
      : cluster.partitionCountOf(place) < lanes,
  );
  if (other !== undefined)
    throw unknownSource(source, other, { lanes, partitions: cluster.partitionCountOf(other) });
}

/**
 * Makes sure, before the first message, that a source may be read, and written to where its messages go on: by the answer
 * to a fetch, and to a record batch that is empty and so refused, of the first partition of each topic. What else goes
 * wrong is found out when it matters.
 * @throws MessagingError `not-permitted`, `unroutable`, `disconnected`
 */
export async function checkPermissions(
  cluster: Cluster,
  source: Source,
  sourceTopics: SourceTopics,
): Promise<void> {
  const { messageTopics, ownTopic, delayTopic } = sourceTopics;
  const letters = deadLetterTopicName(source.group);
  if (delayTopic !== undefined) await lookUp(cluster, source, [letters]);
  const read = delayTopic === undefined ? messageTopics : [...messageTopics, delayTopic];
  const written = delayTopic === undefined ? [] : [ownTopic, delayTopic, letters];
  const asked = [
    ...read.map((topic) => ({ topic, may: "READ", code: readCode })),
    ...written.map((topic) => ({ topic, may: "WRITE", code: writeCode })),
  ];
  await Promise.all(
    asked.map(async ({ topic, may, code }) => {
      const answer = await code(cluster, topic).catch(() => CODE.none);
      if (isForbidden(answer)) throw notPermitted(`topic ${topic}`, may);
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
          partitions: [{ partition: 0, fetchOffset: NOWHERE, maxBytes: 1 }],
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
      ...NOTHING_TO_WRITE,
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
