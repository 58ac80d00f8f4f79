import { refusal, describeThrown, sleep } from "@waybill/core/transport-kit";
import type { Environment, PublishFailure } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { CODE, KafkaRefusal, isForbidden } from "../connection/protocol/codes.ts";
import type { ProduceRequest } from "../connection/protocol/protocol.ts";
import { notWritable } from "../errors.ts";
import { partitionName } from "../topology/topic-partition.ts";
import type { PartitionBatch } from "./partition-batches.ts";
import type { ProducerId, ProducerSession } from "./producer-session.ts";

/** How long a leader may wait for its followers. */
const ACKS_TIMEOUT_MS = 10_000;
const PAUSE_MS = { first: 20, longest: 500 } as const;

export interface ProduceContext {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly session: ProducerSession;
  /** The time after which no batch is sent again, in milliseconds since the Unix epoch. */
  readonly giveUpAt: number;
  readonly isUp: () => boolean;
}

/** A batch that is not stored yet. */
interface PendingBatch {
  readonly batch: PartitionBatch;
  /** Whether the broker may have stored it without a confirmation. */
  isMaybeStored: boolean;
  reason: string;
  /** The last error code of the broker; 0 before its first answer. */
  code: number;
}

/** The result of each batch that is decided: a failure, or `undefined` for a stored batch. */
type Results = Map<PartitionBatch, PublishFailure | undefined>;

/**
 * Stores batches, at most one for each partition. It resends a batch that was not confirmed under the same sequence
 * numbers, until each is stored or refused, or until `giveUpAt`. Returns the failure of each batch, `undefined` for a
 * stored one. Never rejects.
 */
export async function produce(
  batches: readonly PartitionBatch[],
  context: ProduceContext,
): Promise<ReadonlyMap<PartitionBatch, PublishFailure | undefined>> {
  const { clock } = context.environment;
  const results: Results = new Map();
  let pending: readonly PendingBatch[] = batches.map((batch) => ({
    batch,
    isMaybeStored: false,
    reason: "",
    code: CODE.none,
  }));
  for (let pauseMs: number = PAUSE_MS.first; ; pauseMs = Math.min(PAUSE_MS.longest, 2 * pauseMs)) {
    await produceOnce(pending, results, context);
    // A batch that may be stored is not sent again in a new session: under new sequence numbers the broker could not
    // recognise it.
    if (context.session.isEnded)
      for (const each of pending)
        if (each.isMaybeStored && !results.has(each.batch)) results.set(each.batch, givenUp(each));
    pending = pending.filter(({ batch }) => !results.has(batch));
    if (pending.length === 0) return results;
    if (clock.now() >= context.giveUpAt) break;
    await sleep(clock, pauseMs);
    await lookUp(pending, context);
  }
  for (const each of pending) results.set(each.batch, givenUp(each));
  if (pending.some(({ isMaybeStored }) => isMaybeStored)) context.session.end();
  return results;
}

async function produceOnce(
  pending: readonly PendingBatch[],
  results: Results,
  { cluster, session }: ProduceContext,
): Promise<void> {
  let id: ProducerId;
  try {
    id = await session.id();
  } catch (error) {
    for (const each of pending) judge(each, error, results);
    return;
  }
  const leaders = new Map<number, PendingBatch[]>();
  for (const each of pending) {
    if (hasNoPartition(each.batch, cluster)) {
      results.set(each.batch, noPartition(each));
      continue;
    }
    const leader = cluster.leaderOf(each.batch.topic, each.batch.partition);
    const together = leaders.get(leader);
    if (together === undefined) leaders.set(leader, [each]);
    else together.push(each);
  }
  await Promise.all(
    [...leaders].map(async ([leader, together]) => {
      try {
        if (leader < 0) throw new KafkaRefusal(CODE.leaderNotAvailable, "a partition");
        const { topics } = await cluster.toNode(leader, ["Produce", requestOf(together, id, session)]);
        for (const each of together) {
          const { topic, partition } = each.batch;
          const answer = topics
            .find(({ topicName }) => topicName === topic)
            ?.partitions.find((found) => found.partition === partition);
          take(each, answer?.errorCode ?? CODE.timedOut, { results, session });
        }
      } catch (error) {
        for (const each of together) {
          // The request was sent, and its answer is lost.
          if (!(error instanceof KafkaRefusal)) each.isMaybeStored = true;
          judge(each, error, results);
        }
      }
    }),
  );
}

/** Whether the topic is known and lacks the partition: no leader will appear. */
function hasNoPartition({ topic, partition }: PartitionBatch, cluster: Cluster): boolean {
  const leaders = cluster.topic(topic);
  return leaders !== undefined && leaders[partition] === undefined;
}

/** An earlier attempt may have stored the batch, before the topic was created again with fewer partitions. */
function noPartition({ batch: { topic, partition }, isMaybeStored }: PendingBatch): PublishFailure {
  const error = refusal("rejected", `The topic ${topic} has no partition ${partition}.`);
  return isMaybeStored ? { ...error, maybeStored: true } : error;
}

function requestOf(
  together: readonly PendingBatch[],
  id: ProducerId,
  session: ProducerSession,
): ProduceRequest {
  const topicData = [...new Set(together.map(({ batch }) => batch.topic))].map((topic) => ({
    topic,
    partitions: together
      .filter(({ batch }) => batch.topic === topic)
      .map(({ batch: { partition, entries, isCompressed } }) => ({
        partition,
        firstSequence: session.sequence(partitionName(topic, partition)),
        messages: entries.map(({ record }) => record),
        isCompressed,
      })),
  }));
  return {
    acks: -1,
    timeout: ACKS_TIMEOUT_MS,
    compression: 0,
    transactionalId: null,
    ...id,
    topicData,
  };
}

interface Outcome {
  readonly results: Results;
  readonly session: ProducerSession;
}

/** Takes the broker's answer to one batch. */
function take(each: PendingBatch, code: number, { results, session }: Outcome): void {
  const { batch } = each;
  const name = partitionName(batch.topic, batch.partition);
  if (code === CODE.none || code === CODE.duplicateSequence) {
    session.stored(name, batch.entries.length);
    results.set(batch, undefined);
    return;
  }
  const refused = new KafkaRefusal(code, `topic ${batch.topic}`);
  each.reason = refused.message;
  each.code = code;
  if (
    code === CODE.outOfOrderSequence ||
    code === CODE.unknownProducer ||
    code === CODE.invalidProducerEpoch
  ) {
    // The broker has forgotten this producer. A new one may send only batches that are certainly not stored.
    session.end();
    if (each.isMaybeStored) results.set(batch, givenUp(each));
    return;
  }
  if (code === CODE.notEnoughReplicasAfterAppend || code === CODE.timedOut) each.isMaybeStored = true;
  judge(each, refused, results);
}

/** Records the failure of a batch when another attempt would fail in the same way. */
function judge(each: PendingBatch, error: unknown, results: Results): void {
  each.reason = describeThrown(error);
  if (!(error instanceof KafkaRefusal)) return;
  each.code = error.code;
  const message = `${error.message}.`;
  if (error.code === CODE.messageTooLarge || error.code === CODE.listTooLarge)
    results.set(each.batch, refusal("too-large", message, error));
  else if (isForbidden(error.code)) results.set(each.batch, notWritable(each.batch.topic, error));
  else if (!error.isRetriable) results.set(each.batch, refusal("rejected", message, error));
}

function givenUp({ isMaybeStored, reason, code }: PendingBatch): PublishFailure {
  const isShort = code === CODE.notEnoughReplicas || code === CODE.notEnoughReplicasAfterAppend;
  return { code: isShort ? "blocked" : "disconnected", message: `${reason}.`, maybeStored: isMaybeStored };
}

/** Refreshes the metadata: a leader may have moved, or the topic may be deleted. */
async function lookUp(pending: readonly PendingBatch[], { cluster }: ProduceContext): Promise<void> {
  const topics = [...new Set(pending.map(({ batch }) => batch.topic))];
  await cluster.lookUp(topics).catch(() => undefined);
}
