import { KafkaRefusal, checkCode } from "./driver/codes.ts";
import type { Cluster } from "./driver/cluster.ts";

export interface PartitionOf {
  readonly topic: string;
  readonly partition: number;
}

export interface Committed extends PartitionOf {
  /** The next offset to read; absent: the group has never committed any. */
  readonly offset: number | undefined;
  readonly metadata: string | null;
}

/** What a group has committed of partitions. @throws KafkaRefusal */
export function committedOf(
  cluster: Cluster,
  group: string,
  partitions: readonly PartitionOf[],
): Promise<readonly Committed[]> {
  return patiently(
    cluster,
    () => askedCommitted(cluster, group, partitions),
    () => cluster.forgetCoordinator(group),
  );
}

async function askedCommitted(
  cluster: Cluster,
  group: string,
  partitions: readonly PartitionOf[],
): Promise<readonly Committed[]> {
  const answer = await cluster.toCoordinator(group, [
    "OffsetFetch",
    { groupId: group, topics: byTopic(partitions, ({ partition }) => ({ partition })) },
  ]);
  checkCode(answer.errorCode, `group ${group}`);
  return answer.responses.flatMap(({ topic, partitions: all }) =>
    all.map(({ partition, offset, metadata, errorCode }) => {
      checkCode(errorCode, `group ${group} of topic ${topic}`);
      return { topic, partition, offset: Number(offset) < 0 ? undefined : Number(offset), metadata };
    }),
  );
}

const TIMESTAMP = { earliest: -2, latest: -1 } as const;

/** How long a topic that was created a moment ago, a leader that moves, or the coordinator of a cluster's first group is waited for. */
const TRIES = 200;
const PAUSE_MS = 50;

/** Asks until the cluster knows; `before` each further time. */
async function patiently<Answer>(
  cluster: Cluster,
  ask: () => Promise<Answer>,
  before: () => Promise<void> | void,
): Promise<Answer> {
  for (let tried = 1; ; tried++) {
    try {
      return await ask();
    } catch (error) {
      if (tried === TRIES || !(error instanceof KafkaRefusal) || !error.isRetriable) throw error;
      await cluster.pause(PAUSE_MS);
      await before();
    }
  }
}

/** The first or the next offsets of partitions. @throws KafkaRefusal */
export function endsOf(
  cluster: Cluster,
  partitions: readonly PartitionOf[],
  which: "earliest" | "latest",
): Promise<ReadonlyMap<string, number>> {
  return patiently(
    cluster,
    () => askedEnds(cluster, partitions, which),
    () => cluster.lookUp([...new Set(partitions.map(({ topic }) => topic))]),
  );
}

async function askedEnds(
  cluster: Cluster,
  partitions: readonly PartitionOf[],
  which: "earliest" | "latest",
): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>();
  const leaders = new Map<number, PartitionOf[]>();
  for (const each of partitions) {
    const leader = cluster.leaderOf(each.topic, each.partition);
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
          ends.set(`${topic}/${partition}`, Number(offset));
        }
    }),
  );
  return ends;
}

export function byTopic<Part extends PartitionOf, Shaped>(
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
