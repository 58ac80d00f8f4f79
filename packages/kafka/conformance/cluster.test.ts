import { startForTests } from "@waybill/brokers/for-tests";
import { sleep, systemEnvironment } from "@waybill/core/transport-kit";
import type { PublishResult, Transport, WireMessage } from "@waybill/core/transport";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { kafkaTransport } from "../src/index.ts";
import { createTopic } from "./external-program.ts";

const LANES = 3;
const MESSAGES = 3_000;
const AT_ONCE = 50;

const broker = await startForTests("kafka", { nodes: 3 });

describe.skipIf(broker === undefined)("three brokers", { timeout: 180_000 }, () => {
  const url = broker?.url ?? "";
  const ports = [...url.matchAll(/:(\d+)/g)].map(([, port]) => Number(port));
  const external = new Kafka({
    brokers: ports.map((port) => `127.0.0.1:${port}`),
    logLevel: logLevel.NOTHING,
  });
  const admin = external.admin();
  const open: Transport[] = [];

  beforeAll(() => admin.connect());
  afterEach(async () => {
    for (const transport of open.splice(0)) await transport.close(systemEnvironment.clock.now());
  });
  afterAll(async () => {
    await admin.disconnect();
    await broker?.end();
  });

  async function instance(topics: Readonly<Record<string, string>> = {}): Promise<Transport> {
    const transport = kafkaTransport({ url, topics });
    open.push(transport);
    await transport.connect(AbortSignal.timeout(30_000));
    return transport;
  }

  async function queue(name: string): Promise<Transport> {
    const transport = await instance();
    const topology = { queues: [{ name, lanes: LANES }], topics: [], groups: [], services: ["svc"] };
    expect(await transport.provision(topology, "apply")).toEqual([]);
    return transport;
  }

  function message(name: string, number: number): WireMessage {
    return {
      id: String(number),
      destination: { kind: "queue", name },
      type: undefined,
      correlationId: undefined,
      key: undefined,
      lane: number % LANES,
      deliverAt: undefined,
      contentType: "text/plain",
      headers: {},
      body: Buffer.from("x"),
    };
  }

  /** Publishes as core does: in order, and again each message that was not stored. */
  async function load(publisher: Transport, name: string, onRound: (sent: number) => void): Promise<void> {
    for (let sent = 0; sent < MESSAGES; sent += AT_ONCE) {
      let batch = Array.from({ length: AT_ONCE }, (_, at) => message(name, sent + at));
      while (batch.length > 0) {
        const results: readonly PublishResult[] = await publisher.publish(batch);
        const left = batch.filter((_, at) => results[at]?.ok !== true);
        if (left.length > 0) await sleep(systemEnvironment.clock, 100);
        batch = left;
      }
      onRound(sent);
    }
  }

  /** Returns the index of the broker that leads a partition. It waits until the broker knows the topic, whose metadata reaches each broker a moment after its creation. */
  async function nodeOf(topic: string, partition: number): Promise<number> {
    let leader = 0;
    await expect
      .poll(
        async () => {
          const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
          leader = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? 0;
          return leader;
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
    return leader - 1;
  }

  it.each([
    ["the leader of a lane", 0],
    ["a follower", 1],
  ])("lose no message and keep the order of each lane when %s is killed under load", async (_, offset) => {
    const name = `killed-${offset}`;
    const publisher = await queue(name);
    const victim = ((await nodeOf(`${name}--queue`, 0)) + offset) % 3;
    const seen: number[] = [];
    const consumer = await instance();
    (
      await consumer.subscribe(
        { kind: "queue", name, group: "svc", lanes: LANES },
        async ({ message: { id } }) => {
          seen.push(Number(id));
          return { type: "ack" };
        },
      )
    ).credit(100);
    let killed: Promise<void> | undefined;
    await load(publisher, name, (sent) => {
      if (sent >= MESSAGES / 3) killed ??= broker?.kill9(victim);
    });
    await killed;
    await expect.poll(() => new Set(seen).size, { timeout: 90_000 }).toBe(MESSAGES);
    const first = [...new Set(seen)];
    for (let lane = 0; lane < LANES; lane++) {
      const mine = first.filter((number) => number % LANES === lane);
      expect(mine).toEqual(mine.toSorted((left, right) => left - right));
    }
    console.log(`${name}: ${seen.length - MESSAGES} of ${MESSAGES} were delivered twice`);
    await broker?.start(victim);
  });

  it("accept a new process while one of them is down, also when its address is tried first", async () => {
    const name = "one-away";
    await queue(name);
    const victim = await nodeOf(`${name}--queue`, 0);
    await broker?.kill9(victim);
    const late = kafkaTransport({
      url: `kafka://127.0.0.1:${ports[victim]},${url.slice("kafka://".length)}`,
    });
    open.push(late);
    await late.connect(AbortSignal.timeout(30_000));
    const seen = new Set<string>();
    const source = { kind: "queue", name, group: "svc", lanes: LANES } as const;
    const subscription = await late.subscribe(source, async ({ message: { id } }) => {
      seen.add(id);
      return { type: "ack" };
    });
    subscription.credit(100);
    await load(late, name, () => undefined);
    await expect.poll(() => seen.size, { timeout: 90_000 }).toBe(MESSAGES);
    await broker?.start(victim);
  });

  it("report blocked while too few replicas are in sync, and store messages again when the replicas are back", async () => {
    const name = "short";
    await createTopic(admin, {
      topic: name,
      numPartitions: 1,
      replicationFactor: 3,
      configEntries: [{ name: "min.insync.replicas", value: "3" }],
    });
    const publisher = await instance({ [name]: name });
    await expect
      .poll(async () => (await publisher.publish([message(name, 0)]))[0]?.ok, { timeout: 30_000 })
      .toBe(true);
    const victim = ((await nodeOf(name, 0)) + 1) % 3;
    await broker?.kill9(victim);
    const refused: string[] = [];
    await expect
      .poll(
        async () => {
          const [result] = await publisher.publish([message(name, 0)]);
          if (result?.ok === false) refused.push(result.error.code);
          return refused;
        },
        { timeout: 60_000 },
      )
      .toContain("blocked");
    await broker?.start(victim);
    await expect
      .poll(async () => (await publisher.publish([message(name, 0)]))[0]?.ok, { timeout: 60_000 })
      .toBe(true);
  });
});
