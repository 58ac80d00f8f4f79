import { randomUUID } from "node:crypto";
import { Partitioners, type Consumer, type Kafka } from "kafkajs";
import { Countdown, WINDOW, inWindows, type Contestant } from "../brokers/contestant.ts";
import { Order, orderOf } from "../order.ts";
import { clientOf, createTopics } from "./by-hand.ts";

const PARTITIONS = 6;

/** Returns the same work as the documentation of kafkajs shows it: `send` and `eachMessage` for each message. */
export async function asDocumented(url: string, prefix: string): Promise<Contestant> {
  const kafka = clientOf(url);
  const orders = `${prefix}.place-order`;
  const quotes = `${prefix}.quote`;
  const replies = `${prefix}.replies.${randomUUID()}`;
  await createTopics(kafka, [orders, quotes], PARTITIONS);
  await createTopics(kafka, [replies], 1);
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const write = (topic: string, data: unknown, id: string): Promise<unknown> =>
    producer.send({
      topic,
      messages: [
        {
          value: JSON.stringify(data),
          headers: { id, type: topic, source: prefix, time: new Date().toISOString(), correlationId: id },
        },
      ],
    });

  const countdown = new Countdown();
  const waiting = new Map<string, (reply: unknown) => void>();
  const consumers = [
    await consume(kafka, orders, async (data) => {
      Order.parse(data);
      countdown.one();
    }),
    await consume(kafka, quotes, async (data, id) => {
      const { orderId } = Order.parse(data);
      await write(replies, { price: orderId * 2 }, id);
    }),
    await consume(kafka, replies, async (data, id) => {
      waiting.get(id)?.(data);
      waiting.delete(id);
    }),
  ];
  const request = async (orderId: number): Promise<unknown> => {
    const id = randomUUID();
    const reply = new Promise((resolve) => waiting.set(id, resolve));
    await write(quotes, Order.parse(orderOf(orderId)), id);
    return reply;
  };

  return {
    name: "kafkajs as documented",
    async throughput(count) {
      const handled = countdown.start(count);
      await inWindows(count, WINDOW, (orderId) => write(orders, Order.parse(orderOf(orderId)), randomUUID()));
      await handled;
    },
    requests: (count, concurrency) => inWindows(count, concurrency, request),
    async stop() {
      for (const consumer of consumers) await consumer.disconnect();
      await producer.disconnect();
    },
  };
}

async function consume(
  kafka: Kafka,
  topic: string,
  handle: (data: unknown, id: string) => Promise<void>,
): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise<void>((resolve) => consumer.on("consumer.group_join", () => resolve()));
  await consumer.run({
    eachMessage: ({ message }) => handle(JSON.parse(String(message.value)), String(message.headers?.["id"])),
  });
  await joined;
  return consumer;
}
