import { startForTests } from "@waybill/brokers/for-tests";
import { command, createBus, plainJson, plainLong, service, type Bus } from "@waybill/core";
import { Kafka, Partitioners, logLevel, type Message } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createTopic } from "./external-program.ts";

const TOPIC = "dispatch_products";
const LANES = 3;

/** The form of `INSERT INTO dispatch_products (product_id, order) ...`: a BIGINT key and a JSON value. */
const Dispatch = command("warehouse.dispatch-product", {
  data: z.object({ productId: z.bigint(), order: z.object({ address: z.string() }).nullable() }),
  plain: {
    read: ({ key, value }) => ({ productId: plainLong.read(key), order: plainJson.read(value) }),
    write: ({ productId, order }) => ({ key: plainLong.write(productId), value: plainJson.write(order) }),
  },
  lanes: LANES,
});

type Dispatched = { readonly productId: bigint; readonly order: { readonly address: string } | null };

/** Java's `new LongSerializer().serialize(topic, 12005L)`. */
const KEY = Buffer.from([0, 0, 0, 0, 0, 0, 0x2e, 0xe5]);

const broker = await startForTests("kafka");

describe.skipIf(broker === undefined)(
  "a topic that an external program reads and writes",
  { timeout: 60_000 },
  () => {
    const url = broker?.url ?? "";
    const options = { topics: { "warehouse.dispatch-product": TOPIC } };
    const external = new Kafka({ brokers: [url.slice("kafka://".length)], logLevel: logLevel.NOTHING });
    const producer = external.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    const consumer = external.consumer({ groupId: "others" });
    const admin = external.admin();
    const handled: Dispatched[] = [];
    const written: (Message & { readonly partition: number })[] = [];
    let bus: Bus;

    beforeAll(async () => {
      await admin.connect();
      await createTopic(admin, { topic: TOPIC, numPartitions: LANES });
      await producer.connect();
      await consumer.connect();
      await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ message, partition }) => void written.push({ ...message, partition }),
      });
      const warehouse = service("warehouse").handle(Dispatch, (data) => void handled.push(data));
      bus = await createBus({ transport: url, kafka: options, services: [warehouse] });
      await bus.start();
    });

    afterAll(async () => {
      await bus.stop();
      for (const client of [consumer, producer, admin]) await client.disconnect();
      await broker?.end();
    });

    it("is read as that program writes it, with a tombstone as null", async () => {
      const value = JSON.stringify({ address: "2 Roadford Avenue" });
      await producer.send({ topic: TOPIC, messages: [{ key: KEY, value }] });
      await producer.send({ topic: TOPIC, messages: [{ key: KEY, value: null }] });
      await expect
        .poll(() => handled, { timeout: 20_000 })
        .toEqual([
          { productId: 12_005n, order: { address: "2 Roadford Avenue" } },
          { productId: 12_005n, order: null },
        ]);
      // The program's own reader receives them too; the records after them are those of the bus.
      await expect.poll(() => written.length, { timeout: 20_000 }).toBe(2);
    });

    it("is written as that program reads it: the bytes of key and value, no header, in the partition of Java's partitioner", async () => {
      const before = written.length;
      await bus.send(Dispatch, { productId: 12_005n, order: { address: "a" } });
      await bus.send(Dispatch, { productId: 12_005n, order: null });
      await expect.poll(() => written.length, { timeout: 20_000 }).toBe(before + 2);
      const theirs = written[0]?.partition;
      expect(
        written
          .slice(before)
          .map(({ key, value, headers, partition }) => ({ key, value, headers, partition })),
      ).toEqual([
        { key: KEY, value: Buffer.from('{"address":"a"}'), headers: {}, partition: theirs },
        { key: KEY, value: null, headers: {}, partition: theirs },
      ]);
    });

    it("turns a record that cannot be decoded into a dead letter", async () => {
      await producer.send({ topic: TOPIC, messages: [{ key: "no long", value: "{" }] });
      const letters = bus.deadLetters("warehouse");
      await expect
        .poll(async () => (await letters.list()).map(({ failure }) => failure.code), { timeout: 20_000 })
        .toEqual(["undecodable"]);
    });
  },
);
