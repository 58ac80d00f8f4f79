import type { Channel } from "amqplib";
import { MessagingError, type Depth, type Source } from "@waybill/core/transport";
import { lanesOf, provisioning } from "@waybill/core/transport-kit";
import type { Channels } from "../connection/channels.ts";
import { consumingError, isInequivalent } from "../errors.ts";
import { findLanes, type LanedEntity } from "../lanes/lane-queues.ts";
import type { DeclaredEntities } from "../publish/declared-entities.ts";
import { deadLettersName, groupName, backfillName, laneName } from "./names.ts";

/** Returns the queue of a source, with the common name of its lanes. */
export function entityOf(source: Source): LanedEntity {
  switch (source.kind) {
    case "queue":
      return { kind: "queue", name: source.name, lanes: source.lanes };
    case "topic":
      return { kind: "queue", name: groupName(source.name, source.group), lanes: source.lanes };
    case "dead-letters":
      return { kind: "queue", name: deadLettersName(source.group), lanes: undefined };
  }
}

export interface SourceQueue {
  readonly queue: string;
  readonly lane: number | undefined;
  /** The queue with the history of a new group. Its members handle this queue first. */
  readonly backfillQueue: string | undefined;
}

/** Returns the queues of a source, one per lane. */
export function queuesOf(source: Source): readonly SourceQueue[] {
  const { name, lanes } = entityOf(source);
  return lanesOf(lanes)
    .toReversed()
    .map((lane) => ({
      queue: laneName(name, lane),
      lane,
      backfillQueue: source.kind === "topic" ? laneName(backfillName(name), lane) : undefined,
    }));
}

/** Returns the depth of a source. RabbitMQ counts no unsettled messages over AMQP; delayed messages wait in shared queues. */
export async function depthOf(source: Source, channels: Channels): Promise<Depth> {
  const counts = await Promise.all(
    queuesOf(source).map(({ queue }) => channels.run((channel) => channel.checkQueue(queue))),
  );
  return {
    ready: counts.reduce((sum, { messageCount }) => sum + messageCount, 0),
    unsettled: undefined,
    delayed: undefined,
    members: Math.max(0, ...counts.map(({ consumerCount }) => consumerCount)),
  };
}

/**
 * Checks that a source can be read: its queues exist, and so does the dead-letter queue, without which a failed message
 * could not leave its queue. @throws MessagingError `unroutable`, `not-permitted`, `disconnected`
 */
export async function checkSource(
  source: Source,
  { channels, declared }: { readonly channels: Channels; readonly declared: DeclaredEntities },
): Promise<void> {
  if ((await findLanes(entityOf(source), declared)) !== "as wanted") throw unknownSource(source);
  const name = deadLettersName(source.group);
  if (source.kind !== "dead-letters" && !(await declared.check({ kind: "queue", name })))
    throw withoutDeadLetters(source.group);
  await checkPermission(source, channels);
}

/**
 * Checks the read permission by consuming with an invalid argument: RabbitMQ checks the permission first. After the start no
 * caller would receive a refusal. @throws MessagingError `not-permitted`, `disconnected`
 */
async function checkPermission(source: Source, channels: Channels): Promise<void> {
  const [first] = queuesOf(source);
  const queue = first?.queue ?? "";
  const arguments_ = { "x-priority": "not a number" };
  try {
    const ask = (channel: Channel): Promise<unknown> =>
      channel.consume(queue, () => undefined, { arguments: arguments_ });
    await channels.run(ask);
  } catch (error) {
    if (!isInequivalent(error)) throw consumingError(queue, error);
  }
}

/** Returns the error for a source without queues. */
export function unknownSource(source: Source): MessagingError {
  const { name, lanes } = entityOf(source);
  return provisioning.unknownSource("RabbitMQ", `queue ${name}`, lanes);
}

function withoutDeadLetters(service: string): MessagingError {
  return new MessagingError("unroutable", {
    what: `RabbitMQ has no queue ${deadLettersName(service)} for the dead letters of service ${service}.`,
    advice:
      'Start the service once with provision: "apply", or create a durable quorum queue with this name.',
  });
}
