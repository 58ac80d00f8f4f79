import { randomUUID } from "node:crypto";
import { Kafka, Partitioners, logLevel, type Consumer, type Message, type Producer } from "kafkajs";
import { Countdown, WINDOW, inWindows, type Contestant } from "../brokers/contestant.ts";
import { Order, orderOf } from "../order.ts";

/** The number of partitions that the transport creates for messages without a key. */
const PARTITIONS = 6;
const MOST = 1_000;

/** The envelope of every message, in the cheapest place: the JSON that is written anyway. */
interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  readonly correlationid: string;
  readonly replyto?: string;
  readonly data: unknown;
}

/**
 * Returns the same work with kafkajs alone, as an expert writes it: an idempotent producer, one batch in flight while it collects
 * the next, `eachBatch`, a commit after each handled batch, data validated on both sides. Replies come by a topic of the process.
 */
export async function byHand(url: string, prefix: string): Promise<Contestant> {
  const kafka = clientOf(url);
  const orders = `${prefix}.place-order`;
  const quotes = `${prefix}.quote`;
  await createTopics(kafka, [orders, quotes], PARTITIONS);
  const producer = await connectProducer(kafka);
  const write = writeTo(producer);

  const countdown = new Countdown();
  const consumers = [
    await consume(kafka, orders, async ({ data }) => {
      Order.parse(data);
      countdown.one();
    }),
    await consume(kafka, quotes, async ({ id, replyto, data }) => {
      const { orderId } = Order.parse(data);
      const price = orderId * 2;
      await write(String(replyto), { ...facts("quote.reply", prefix), correlationid: id, data: { price } });
    }),
  ];

  const waiting = new Map<string, (reply: unknown) => void>();
  let replies: Promise<string> | undefined;
  const openReplies = async (): Promise<string> => {
    const topic = `${prefix}.replies.${randomUUID()}`;
    consumers.push(await consumeReplies(kafka, topic, waiting));
    return topic;
  };
  const request = async (orderId: number): Promise<unknown> => {
    replies ??= openReplies();
    const envelope = {
      ...facts(quotes, prefix),
      replyto: await replies,
      data: Order.parse(orderOf(orderId)),
    };
    const reply = new Promise((resolve) => waiting.set(envelope.id, resolve));
    await write(quotes, envelope);
    return reply;
  };

  return {
    name: "kafkajs by hand",
    async throughput(count) {
      const handled = countdown.start(count);
      await inWindows(count, WINDOW, (orderId) =>
        write(orders, { ...facts(orders, prefix), data: Order.parse(orderOf(orderId)) }),
      );
      await handled;
    },
    requests: (count, concurrency) => inWindows(count, concurrency, request),
    async stop() {
      for (const consumer of consumers) await consumer.disconnect();
      await producer.disconnect();
    },
  };
}

async function connectProducer(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    retry: { retries: Number.MAX_SAFE_INTEGER },
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return producer;
}

/** Returns a function that sends envelopes in batches and resolves when the broker has confirmed them. */
function writeTo(producer: Producer): (topic: string, envelope: Envelope) => Promise<void> {
  const store = inBatches(async (sends) => {
    const topics = new Map<string, Message[]>();
    for (const { topic, message } of sends) {
      const messages = topics.get(topic);
      if (messages === undefined) topics.set(topic, [message]);
      else messages.push(message);
    }
    await producer.sendBatch({
      topicMessages: [...topics].map(([topic, messages]) => ({ topic, messages })),
    });
  });
  return (topic, envelope) => store({ topic, message: { value: JSON.stringify(envelope) } });
}

/** Creates the reply topic of this process and passes its replies to the waiting requests. */
async function consumeReplies(
  kafka: Kafka,
  topic: string,
  waiting: Map<string, (reply: unknown) => void>,
): Promise<Consumer> {
  await createTopics(kafka, [topic], 1);
  return consume(kafka, topic, async ({ correlationid, data }) => {
    waiting.get(correlationid)?.(data);
    waiting.delete(correlationid);
  });
}

interface Send {
  readonly topic: string;
  readonly message: Message;
}

interface Waiting extends Send {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Returns a function that sends one batch at a time; the messages that arrive meanwhile are the next batch. */
function inBatches(flush: (sends: readonly Send[]) => Promise<unknown>): (send: Send) => Promise<void> {
  let waiting: Waiting[] = [];
  let isBusy = false;
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      try {
        await flush(batch);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isBusy = false;
  };
  return ({ topic, message }) =>
    new Promise((resolve, reject) => {
      waiting.push({ topic, message, resolve, reject });
      if (isBusy) return;
      isBusy = true;
      queueMicrotask(() => void run());
    });
}

export function clientOf(url: string): Kafka {
  return new Kafka({ brokers: url.slice("kafka://".length).split(","), logLevel: logLevel.NOTHING });
}

export async function createTopics(
  kafka: Kafka,
  topics: readonly string[],
  numPartitions: number,
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map((topic) => ({ topic, numPartitions })),
  });
  await admin.disconnect();
}

function facts(type: string, source: string): Omit<Envelope, "data"> {
  const id = randomUUID();
  return { id, type, source, time: new Date().toISOString(), correlationid: id };
}

/** Starts a consumer that handles all messages of a batch concurrently and commits their offsets when all are done. */
async function consume(
  kafka: Kafka,
  topic: string,
  handle: (envelope: Envelope) => Promise<void>,
): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise<void>((resolve) => consumer.on("consumer.group_join", () => resolve()));
  await consumer.run({
    partitionsConsumedConcurrently: PARTITIONS,
    async eachBatch({ batch }) {
      await Promise.all(batch.messages.map(({ value }) => handle(JSON.parse(String(value)) as Envelope)));
    },
  });
  await joined;
  return consumer;
}
