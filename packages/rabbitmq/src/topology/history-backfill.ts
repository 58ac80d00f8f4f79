import type { Channel, ConsumeMessage } from "amqplib";
import { MessagingError, NO_HEADERS, type PublishResult } from "@waybill/core/transport";
import { historyName, laneIn, pastName, placeName } from "./names.ts";
import type { Publisher } from "../publish/publisher.ts";
import { toQueue } from "../publish/routes.ts";
import { forwardedProperties } from "../wire/message.ts";

/** The type of a message that marks a place in a queue and means nothing else. */
const MARK_TYPE = "waybill.mark";
/** How much of a stream is on its way to us (RabbitMQ: a stream's consumers need a prefetch count). */
const PREFETCH = 500;

export interface Copying {
  readonly publisher: Publisher;
  readonly topic: string;
  /** The group's queue, without its lane. */
  readonly group: string;
  readonly lanes: number | undefined;
}

/** Puts a mark at the end of a queue. */
export async function putMark(publisher: Publisher, queue: string, id: string): Promise<void> {
  const properties = { messageId: id, type: MARK_TYPE, deliveryMode: 2 };
  check(await publisher.forward(toQueue(queue), { content: Buffer.alloc(0), properties }), queue);
}

/** Whether it is a mark. What came by an exchange of ours is a message, whatever its type. */
export function isMark({ fields, properties }: ConsumeMessage): boolean {
  return fields.exchange === "" && properties.type === MARK_TYPE;
}

/** Collects the ids of what arrives in a queue, up to the mark. */
export function idsUpTo(channel: Channel, queue: string, mark: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  return readUpTo(channel, queue, { mark, take: (raw) => void ids.add(idOf(raw)) }).then(() => ids);
}

/** Copies a topic's history, up to the mark, to where the group reads its past, but for the given ones. */
export async function copyHistory(
  channel: Channel,
  { publisher, topic, group }: Copying,
  { mark, except }: { readonly mark: string; readonly except: ReadonlySet<string> },
): Promise<void> {
  let stored: Promise<void> = Promise.resolve();
  await readUpTo(channel, historyName(topic), {
    mark,
    take(raw) {
      if (isMark(raw) || except.has(idOf(raw))) return;
      const past = placeName(pastName(group), laneIn(raw.fields.exchange));
      const properties = forwardedProperties(raw, { headers: NO_HEADERS, attempts: 0 });
      const result = publisher.forward(toQueue(past), { content: raw.content, properties });
      stored = Promise.all([stored, result.then((each) => check(each, past))]).then(() => undefined);
      stored.catch(() => undefined); // told when all are read
    },
  });
  await stored;
}

interface Reading {
  readonly mark: string;
  readonly take: (raw: ConsumeMessage) => void;
}

/** Consumes from the first message on; rejects when the queue or the connection goes. */
async function readUpTo(channel: Channel, queue: string, { mark, take }: Reading): Promise<void> {
  const isStream = queue.endsWith(historyName(""));
  await channel.prefetch(PREFETCH);
  let consumerTag = "";
  await new Promise<void>((resolve, reject) => {
    const gone = (): void => reject(new Error(`${queue} is gone while it is read`));
    channel.once("close", gone);
    const onMessage = (raw: ConsumeMessage | null): void => {
      if (raw === null) return gone();
      channel.ack(raw);
      if (isMark(raw) && raw.properties.messageId === mark) resolve();
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
      advice: "Provision again: it starts anew, and nobody has read of it yet.",
      cause: result.error.cause,
    });
}
