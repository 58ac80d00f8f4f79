import { randomUUID } from "node:crypto";
import { connect, type ChannelModel, type ConfirmChannel, type ConsumeMessage, type Options } from "amqplib";
import { Order, orderOf } from "../order.ts";
import { Countdown, PREFETCH, WINDOW, inWindows, type Contestant } from "../brokers/contestant.ts";

/** Starts a consumer that acknowledges once per turn of the event loop: all messages up to the first unhandled one. */
async function consume(
  channel: ConfirmChannel,
  queue: string,
  handle: (message: ConsumeMessage) => Promise<void>,
): Promise<void> {
  const done = new Set<number>();
  let acknowledged = 0;
  let isDue = false;
  const flush = (): void => {
    isDue = false;
    let last = acknowledged;
    while (done.delete(last + 1)) last += 1;
    if (last > acknowledged) channel.ack({ fields: { deliveryTag: last } } as ConsumeMessage, true);
    acknowledged = last;
  };
  await channel.prefetch(PREFETCH);
  await channel.consume(queue, (message) => {
    if (message === null) return;
    void handle(message).then(() => {
      done.add(message.fields.deliveryTag);
      if (isDue) return;
      isDue = true;
      setImmediate(flush);
    });
  });
}

const QUORUM: Options.AssertQueue = { durable: true, arguments: { "x-queue-type": "quorum" } };

async function createQueues(connection: ChannelModel, queues: readonly string[]): Promise<void> {
  const channel = await connection.createConfirmChannel();
  for (const queue of queues) await channel.assertQueue(queue, QUORUM);
  await channel.close();
}

function propertiesOf(source: string, type: string, id: string): Options.Publish {
  return {
    deliveryMode: 2,
    contentType: "application/json",
    messageId: id,
    correlationId: id,
    type,
    appId: source,
    timestamp: Date.now(),
  };
}

/** Returns a function that publishes to a queue and resolves when the broker has confirmed the message. */
function writeTo(
  channel: ConfirmChannel,
): (queue: string, data: unknown, options: Options.Publish) => Promise<void> {
  return (queue, data, options) =>
    new Promise((resolve, reject) => {
      const body = Buffer.from(JSON.stringify(data));
      channel.publish("", queue, body, options, (error: Error | null) =>
        error === null ? resolve() : reject(error),
      );
    });
}

const DIRECT_REPLY_TO = "amq.rabbitmq.reply-to";

/** Passes the direct replies of a channel to the waiting requests. */
async function receiveReplies(
  channel: ConfirmChannel,
  waiting: Map<string, (reply: unknown) => void>,
): Promise<void> {
  await channel.consume(
    DIRECT_REPLY_TO,
    (message) => {
      if (message === null) return;
      const id = String(message.properties.correlationId);
      waiting.get(id)?.(JSON.parse(message.content.toString()));
      waiting.delete(id);
    },
    { noAck: true },
  );
}

/**
 * Returns the same work with the client alone, as an expert writes it: confirmed and persistent messages, quorum queues, one
 * acknowledgement for many messages, no Nagle's algorithm. Id, type, source, time and correlation id are properties, the cheapest
 * place. Data is validated on both sides. Replies come by direct reply-to, and a request is acknowledged when its reply is
 * confirmed.
 */
export async function byHand(url: string, prefix: string): Promise<Contestant> {
  const publishing = await connect(url, { noDelay: true });
  const consuming = await connect(url, { noDelay: true });
  const channel = await publishing.createConfirmChannel();
  const orders = `${prefix}.place-order`;
  const quotes = `${prefix}.quote`;
  await createQueues(consuming, [orders, quotes]);

  const write = writeTo(channel);
  const properties = (type: string, id: string): Options.Publish => propertiesOf(prefix, type, id);

  const countdown = new Countdown();
  await consume(await consuming.createConfirmChannel(), orders, async ({ content }) => {
    Order.parse(JSON.parse(content.toString()));
    countdown.one();
  });
  await consume(await consuming.createConfirmChannel(), quotes, async ({ content, properties: asked }) => {
    const { orderId } = Order.parse(JSON.parse(content.toString()));
    const id = randomUUID();
    await write(
      String(asked.replyTo),
      { price: orderId * 2 },
      { ...properties("quote.reply", id), correlationId: String(asked.messageId) },
    );
  });

  const waiting = new Map<string, (reply: unknown) => void>();
  await receiveReplies(channel, waiting);
  const request = async (orderId: number): Promise<unknown> => {
    const id = randomUUID();
    const reply = new Promise((resolve) => waiting.set(id, resolve));
    const asked = write(quotes, Order.parse(orderOf(orderId)), {
      ...properties(quotes, id),
      replyTo: DIRECT_REPLY_TO,
      mandatory: true,
    });
    await asked;
    return reply;
  };

  return {
    name: "amqplib by hand",
    async throughput(count) {
      const handled = countdown.start(count);
      await inWindows(count, WINDOW, (orderId) =>
        write(orders, Order.parse(orderOf(orderId)), {
          ...properties(orders, randomUUID()),
          mandatory: true,
        }),
      );
      await handled;
    },
    requests: (count, concurrency) => inWindows(count, concurrency, request),
    async stop() {
      await publishing.close();
      await consuming.close();
    },
  };
}
