import type { Channel } from "amqplib";
import { MessagingError, type Depth, type Source } from "@waybill/core/transport";
import { lanesOf, provisioning } from "@waybill/core/transport-kit";
import type { Channels } from "../connection/channels.ts";
import { consumingError, isInequivalent } from "../errors.ts";
import type { Laned } from "../lanes/lane-queues.ts";
import { deadLettersName, groupName, pastName, placeName } from "./names.ts";

/** The queues of a source by their common name. */
export function placeOf(source: Source): Laned {
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
  /** What may have to be handled before it. */
  readonly past: string | undefined;
}

/** Its queues, one per lane. */
export function queuesOf(source: Source): readonly SourceQueue[] {
  const { name, lanes } = placeOf(source);
  return lanesOf(lanes)
    .toReversed()
    .map((lane) => ({
      queue: placeName(name, lane),
      lane,
      past: source.kind === "topic" ? placeName(pastName(name), lane) : undefined,
    }));
}

/** RabbitMQ tells what is ready, not what is unsettled; what waits in the delays is not counted. */
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
 * Asks whether this user may consume, with an argument that is never granted: permission is judged first. Later, nobody
 * would hear of a refusal. @throws MessagingError `not-permitted`, `disconnected`
 */
export async function mayConsume(source: Source, channels: Channels): Promise<void> {
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

export function unknownSource(source: Source): MessagingError {
  const { name, lanes } = placeOf(source);
  return provisioning.unknownSource("RabbitMQ", `queue ${name}`, lanes);
}

export function withoutDeadLetters(service: string): MessagingError {
  return new MessagingError("unroutable", {
    what: `RabbitMQ has no queue ${deadLettersName(service)}, for the messages that service ${service} gives up.`,
    advice: 'Start the service once with provision: "apply", or create a durable quorum queue of that name.',
  });
}
