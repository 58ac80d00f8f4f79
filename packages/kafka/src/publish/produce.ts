import { refusal, describeThrown, sleep } from "@waybill/core/transport-kit";
import type { Environment, PublishFailure } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { CODE, KafkaRefusal, isForbidden } from "../connection/protocol/codes.ts";
import { notWritable } from "../errors.ts";
import { partitionName } from "../topology/partition-name.ts";
import type { Parcel } from "./partition-batches.ts";
import type { ProducerSession } from "./producer-session.ts";

/** How long a leader may wait for its followers. */
const ACKS_TIMEOUT_MS = 10_000;
const PAUSE_MS = { first: 20, longest: 500 } as const;

export interface Sending {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly session: ProducerSession;
  readonly giveUpAt: number;
  readonly isUp: () => boolean;
}

/** A parcel that is not stored yet. */
interface Open {
  readonly parcel: Parcel;
  /** Whether the broker may hold it although it has not said so. */
  isMaybeStored: boolean;
  reason: string;
  /** What the broker said last, if it said anything. */
  code: number;
}

/**
 * Stores parcels, at most one for each partition: sends, and sends again what did not arrive, under the same numbers, until
 * all are stored or refused or the time is over. Answers for each parcel why it is not stored; absent: it is. Never rejects.
 */
export async function send(
  parcels: readonly Parcel[],
  sending: Sending,
): Promise<ReadonlyMap<Parcel, PublishFailure | undefined>> {
  const answers = new Map<Parcel, PublishFailure | undefined>();
  let open: readonly Open[] = parcels.map((parcel) => ({
    parcel,
    isMaybeStored: false,
    reason: "",
    code: CODE.none,
  }));
  for (let pauseMs: number = PAUSE_MS.first; ; pauseMs = Math.min(PAUSE_MS.longest, 2 * pauseMs)) {
    await sendOnce(open, answers, sending);
    // Under a new session's numbers the broker could not tell what it has already.
    if (sending.session.isEnded)
      for (const each of open)
        if (each.isMaybeStored && !answers.has(each.parcel)) answers.set(each.parcel, givenUp(each));
    open = open.filter(({ parcel }) => !answers.has(parcel));
    if (open.length === 0) return answers;
    if (sending.environment.clock.now() >= sending.giveUpAt) break;
    await sleep(sending.environment.clock, pauseMs);
    await lookUp(open, sending);
  }
  for (const each of open) answers.set(each.parcel, givenUp(each));
  if (open.some(({ isMaybeStored }) => isMaybeStored)) sending.session.end();
  return answers;
}

async function sendOnce(
  open: readonly Open[],
  answers: Map<Parcel, PublishFailure | undefined>,
  sending: Sending,
): Promise<void> {
  const { cluster, session } = sending;
  let id: Awaited<ReturnType<ProducerSession["id"]>>;
  try {
    id = await session.id();
  } catch (error) {
    for (const each of open) judge(each, error, answers);
    return;
  }
  const leaders = new Map<number, Open[]>();
  for (const each of open) {
    if (isNowhere(each.parcel, cluster)) {
      answers.set(each.parcel, nowhere(each));
      continue;
    }
    const leader = cluster.leaderOf(each.parcel.topic, each.parcel.partition);
    const together = leaders.get(leader);
    if (together === undefined) leaders.set(leader, [each]);
    else together.push(each);
  }
  await Promise.all(
    [...leaders].map(async ([leader, together]) => {
      try {
        if (leader < 0) throw new KafkaRefusal(CODE.leaderNotAvailable, "a partition");
        const { topics } = await cluster.toNode(leader, [
          "Produce",
          {
            acks: -1,
            timeout: ACKS_TIMEOUT_MS,
            compression: 0,
            transactionalId: null,
            ...id,
            topicData: topicsOf(together, session),
          },
        ]);
        for (const each of together) {
          const { topic, partition } = each.parcel;
          const answer = topics
            .find(({ topicName }) => topicName === topic)
            ?.partitions.find((found) => found.partition === partition);
          take(each, answer?.errorCode ?? CODE.timedOut, { answers, session });
        }
      } catch (error) {
        for (const each of together) {
          // Who sent it has not heard what became of it.
          if (!(error instanceof KafkaRefusal)) each.isMaybeStored = true;
          judge(each, error, answers);
        }
      }
    }),
  );
}

/** Whether the topic is known and has no such partition: no leader will ever be found. */
function isNowhere({ topic, partition }: Parcel, cluster: Cluster): boolean {
  const leaders = cluster.topic(topic);
  return leaders !== undefined && leaders[partition] === undefined;
}

/** An earlier try may have stored it, before the topic was made anew with fewer partitions. */
function nowhere({ parcel: { topic, partition }, isMaybeStored }: Open): PublishFailure {
  const error = refusal("rejected", `The topic ${topic} has no partition ${partition}.`);
  return isMaybeStored ? { ...error, maybeStored: true } : error;
}

function topicsOf(
  together: readonly Open[],
  session: ProducerSession,
): readonly {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly firstSequence: number;
    readonly messages: readonly Parcel["entries"][number]["record"][];
    readonly isCompressed: boolean;
  }[];
}[] {
  return [...new Set(together.map(({ parcel }) => parcel.topic))].map((topic) => ({
    topic,
    partitions: together
      .filter(({ parcel }) => parcel.topic === topic)
      .map(({ parcel: { partition, entries, isCompressed } }) => ({
        partition,
        firstSequence: session.sequence(partitionName(topic, partition)),
        messages: entries.map(({ record }) => record),
        isCompressed,
      })),
  }));
}

interface Outcome {
  readonly answers: Map<Parcel, PublishFailure | undefined>;
  readonly session: ProducerSession;
}

/** What a broker said of a parcel. */
function take(each: Open, code: number, { answers, session }: Outcome): void {
  const { parcel } = each;
  const name = partitionName(parcel.topic, parcel.partition);
  if (code === CODE.none || code === CODE.duplicateSequence) {
    session.stored(name, parcel.entries.length);
    answers.set(parcel, undefined);
    return;
  }
  const refused = new KafkaRefusal(code, `topic ${parcel.topic}`);
  each.reason = refused.message;
  each.code = code;
  if (
    code === CODE.outOfOrderSequence ||
    code === CODE.unknownProducer ||
    code === CODE.invalidProducerEpoch
  ) {
    // The broker has forgotten this producer: only what was certainly not stored may be sent under a new one.
    session.end();
    if (each.isMaybeStored) answers.set(parcel, givenUp(each));
    return;
  }
  if (code === CODE.notEnoughReplicasAfterAppend || code === CODE.timedOut) each.isMaybeStored = true;
  judge(each, refused, answers);
}

/** Final refusals end a parcel, all else is tried again. */
function judge(each: Open, error: unknown, answers: Outcome["answers"]): void {
  each.reason = describeThrown(error);
  if (!(error instanceof KafkaRefusal)) return;
  each.code = error.code;
  const message = `${error.message}.`;
  if (error.code === CODE.messageTooLarge || error.code === CODE.listTooLarge)
    answers.set(each.parcel, refusal("too-large", message, error));
  else if (isForbidden(error.code)) answers.set(each.parcel, notWritable(each.parcel.topic, error));
  else if (!error.isRetriable) answers.set(each.parcel, refusal("rejected", message, error));
}

function givenUp({ isMaybeStored, reason, code }: Open): PublishFailure {
  const isShort = code === CODE.notEnoughReplicas || code === CODE.notEnoughReplicasAfterAppend;
  return { code: isShort ? "blocked" : "disconnected", message: `${reason}.`, maybeStored: isMaybeStored };
}

/** Leaders move, and topics are deleted: what is gone is unroutable when it is sent the next time. */
async function lookUp(open: readonly Open[], { cluster }: Sending): Promise<void> {
  const topics = [...new Set(open.map(({ parcel }) => parcel.topic))];
  await cluster.lookUp(topics).catch(() => undefined);
}
