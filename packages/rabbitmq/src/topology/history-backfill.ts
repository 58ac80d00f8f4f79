import type { Channel, ConsumeMessage } from "amqplib";
import { MessagingError, NO_HEADERS, type PublishResult } from "@waybill/core/transport";
import { historyName, laneIn, backfillName, laneName } from "./names.ts";
import type { Publisher } from "../publish/publisher.ts";
import { routeToQueue } from "../publish/routes.ts";
import { forwardedProperties } from "../wire/message.ts";

/** The type of a sentinel: a message without content that marks a position in a queue. */
const SENTINEL_TYPE = "waybill.mark";
/** The prefetch count, which RabbitMQ requires of a stream's consumers. */
const PREFETCH = 500;

/** The backfill of one group with the history of its topic. */
export interface Backfill {
  readonly publisher: Publisher;
  readonly topic: string;
  /** The name of the group's queue, without its lane. */
  readonly group: string;
  readonly lanes: number | undefined;
}

/** Writes a sentinel to the end of a queue. */
export async function writeSentinel(publisher: Publisher, queue: string, id: string): Promise<void> {
  const properties = { messageId: id, type: SENTINEL_TYPE, deliveryMode: 2 };
  check(await publisher.forward(routeToQueue(queue), { content: Buffer.alloc(0), properties }), queue);
}

/** Whether a message is a sentinel. A message that came through an exchange is none, whatever its type. */
export function isSentinel({ fields, properties }: ConsumeMessage): boolean {
  return fields.exchange === "" && properties.type === SENTINEL_TYPE;
}

/** Resolves with the ids of the messages in a queue before the sentinel. */
export function idsBefore(channel: Channel, queue: string, sentinel: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  return readBefore(channel, queue, { sentinel, take: (raw) => void ids.add(idOf(raw)) }).then(() => ids);
}

/** Copies a topic's history before the sentinel to the group's backfill queues, except for the given ids. */
export async function copyHistory(
  channel: Channel,
  { publisher, topic, group }: Backfill,
  { sentinel, except }: { readonly sentinel: string; readonly except: ReadonlySet<string> },
): Promise<void> {
  let stored: Promise<void> = Promise.resolve();
  await readBefore(channel, historyName(topic), {
    sentinel,
    take(raw) {
      if (isSentinel(raw) || except.has(idOf(raw))) return;
      const target = laneName(backfillName(group), laneIn(raw.fields.exchange));
      const properties = forwardedProperties(raw, { headers: NO_HEADERS, attempts: 0 });
      const result = publisher.forward(routeToQueue(target), { content: raw.content, properties });
      stored = Promise.all([stored, result.then((each) => check(each, target))]).then(() => undefined);
      stored.catch(() => undefined); // thrown below, once all messages are read
    },
  });
  await stored;
}

interface Reading {
  /** The id of the sentinel. */
  readonly sentinel: string;
  readonly take: (raw: ConsumeMessage) => void;
}

/** Consumes from the first message up to the sentinel. Rejects if the queue is deleted or the connection is lost. */
async function readBefore(channel: Channel, queue: string, { sentinel, take }: Reading): Promise<void> {
  const isStream = queue.endsWith(historyName(""));
  await channel.prefetch(PREFETCH);
  let consumerTag = "";
  await new Promise<void>((resolve, reject) => {
    const lost = (): void => reject(new Error(`RabbitMQ stopped sending the messages of ${queue}`));
    channel.once("close", lost);
    const onMessage = (raw: ConsumeMessage | null): void => {
      if (raw === null) return lost();
      channel.ack(raw);
      if (isSentinel(raw) && raw.properties.messageId === sentinel) resolve();
      else take(raw);
    };
    channel
      .consume(queue, onMessage, isStream ? { arguments: { "x-stream-offset": "first" } } : {})
      .then((consumer) => (consumerTag = consumer.consumerTag), reject);
  });
  await channel.cancel(consumerTag);
}

function idOf({ properties }: ConsumeMessage): string {
  return String(properties.messageId ?? "");
}

function check(result: PublishResult, queue: string): void {
  if (!result.ok)
    throw new MessagingError(result.error.code === "disconnected" ? "disconnected" : "provisioning-failed", {
      what: `The history could not be copied to ${queue}: ${result.error.message}`,
      advice: "Provision again. The copy starts again, and no member has read it yet.",
      cause: result.error.cause,
    });
}
