import { startForTests } from "@waybill/brokers/for-tests";
import { systemGround, type Deliver, type Transport, type WireMessage } from "@waybill/core/transport";
import { CompressionCodecs, CompressionTypes, Kafka, Partitioners, logLevel } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { kafkaTransport } from "../src/index.ts";

/** For one test: the bound is for those that hang. */
const LIMIT_MS = 60_000;

/** Snappy that compresses nothing, framed as Java's library does it: one block of one literal (Snappy format description). */
function snappy(bytes: Buffer): Buffer {
  const length = bytes.length;
  const block = Buffer.concat([
    Buffer.from([(length & 0x7f) | 0x80, length >> 7, 61 << 2, (length - 1) & 0xff, (length - 1) >> 8]),
    bytes,
  ]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(block.length);
  return Buffer.concat([Buffer.from("82534e41505059000000000100000001", "hex"), size, block]);
}

const broker = await startForTests("kafka");

describe.skipIf(broker === undefined)("what Kafka may answer", { timeout: LIMIT_MS }, () => {
  const url = broker?.url ?? "";
  const address = url.slice("kafka://".length);
  const others = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
  const admin = others.admin();
  const producer = others.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const open: Transport[] = [];
  const notices: string[] = [];
  let count = 0;

  beforeAll(async () => {
    await admin.connect();
    await producer.connect();
  });
  afterEach(async () => {
    for (const transport of open.splice(0)) await transport.close(systemGround.clock.now());
  });
  afterAll(async () => {
    await producer.disconnect();
    await admin.disconnect();
    await broker?.end();
  });

  /** A topic of somebody else, which a queue of the same name is. */
  async function topic(config: Readonly<Record<string, string>> = {}, numPartitions = 1): Promise<string> {
    const name = `theirs-${count++}`;
    const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
    await admin.createTopics({
      topics: [{ topic: name, numPartitions, configEntries }],
      waitForLeaders: false,
    });
    // The broker knows of a topic before it serves it.
    await expect
      .poll(
        () =>
          admin.fetchTopicOffsets(name).then(
            ({ length }) => length,
            () => 0,
          ),
        { timeout: 20_000 },
      )
      .toBe(numPartitions);
    return name;
  }

  async function transport(name: string, at = url): Promise<Transport> {
    const made = kafkaTransport({ url: at, topics: { [name]: name } });
    open.push(made);
    await made.connect(AbortSignal.timeout(20_000), (notice) => notices.push(notice));
    return made;
  }

  async function provisioned(name: string, lanes: number | undefined = 1): Promise<Transport> {
    const made = await transport(name);
    const topology = { queues: [{ name, lanes }], topics: [], groups: [], services: ["svc"] };
    expect(await made.provision(topology, "apply")).toEqual([]);
    return made;
  }

  async function consume(from: Transport, name: string, deliver: Deliver): Promise<void> {
    const source = { kind: "queue", name, group: "svc", lanes: 1 } as const;
    (await from.subscribe(source, deliver)).credit(100);
  }

  async function bodiesOf(name: string): Promise<string[]> {
    const bodies: string[] = [];
    await consume(await provisioned(name), name, async ({ message }) => {
      bodies.push(Buffer.from(message.body).toString());
      return { type: "ack" };
    });
    return bodies;
  }

  function message(name: string, parts: Partial<WireMessage> = {}): WireMessage {
    return {
      id: `m-${count++}`,
      destination: { kind: "queue", name },
      type: undefined,
      correlationId: undefined,
      key: undefined,
      lane: 0,
      deliverAt: undefined,
      contentType: "text/plain",
      headers: {},
      body: Buffer.from("x"),
      ...parts,
    };
  }

  it("connects by the next address where the first does not answer", async () => {
    const name = await topic();
    const made = await transport(name, `kafka://127.0.0.1:1,${address}`);
    const result = await made.publish([message(name)]);
    expect(result).toEqual([{ ok: true }]);
  });

  it("names the topic that takes smaller records than the broker", async () => {
    const name = await topic({ "max.message.bytes": "2000" });
    const made = await provisioned(name);
    const [small, large] = await Promise.all(
      [message(name), message(name, { body: Buffer.alloc(5_000) })].map(
        async (each) => (await made.publish([each]))[0],
      ),
    );
    expect(large).toMatchObject({ ok: false, error: { code: "too-large", maybeStored: false } });
    expect(JSON.stringify(large)).toContain(name);
    // They travel together, and what is refused for one is tried again for the other alone.
    expect(small).toEqual({ ok: true });
  });

  it("refuses a lane that the topic does not have, by its name", async () => {
    const name = await topic({}, 2);
    const made = await transport(name);
    const [result] = await made.publish([message(name, { lane: 5 })]);
    expect(result).toMatchObject({ ok: false, error: { code: "rejected", maybeStored: false } });
    expect(JSON.stringify(result)).toContain(name);
  });

  it("names a topic with other partitions than wanted, and does not read it", async () => {
    const name = await topic({}, 2);
    const made = await transport(name);
    const topology = { queues: [{ name, lanes: 3 }], topics: [], groups: [], services: [] };
    expect(await made.provision(topology, "apply")).toMatchObject([
      { kind: "different", entity: `topic ${name}`, property: "partitions", expected: "3", actual: "2" },
    ]);
    await expect(
      made.subscribe({ kind: "queue", name, group: "svc", lanes: 3 }, async () => ({ type: "ack" })),
    ).rejects.toMatchObject({ code: "unroutable" });
  });

  it("says what retention has taken before it was read, and goes on behind it", async () => {
    const name = await topic();
    await producer.send({ topic: name, messages: ["a", "b", "c", "d"].map((value) => ({ value })) });
    await admin.setOffsets({ groupId: name, topic: name, partitions: [{ partition: 0, offset: "1" }] });
    await admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: "3" }] });
    const bodies = await bodiesOf(name);
    await expect.poll(() => bodies, { timeout: 20_000 }).toEqual(["d"]);
    const notice = notices.find((text) => text.includes(`topic ${name}`));
    expect(notice).toMatch(/from offset 1 on .* at offset 3.*\[messages-lost\]$/);
  });

  it("reads gzip, and refuses by name what needs a codec, while other partitions go on", async () => {
    const name = await topic();
    const packed = await topic();
    await producer.send({ topic: name, messages: [{ value: "gzip" }], compression: CompressionTypes.GZIP });
    const original = CompressionCodecs[CompressionTypes.Snappy];
    CompressionCodecs[CompressionTypes.Snappy] = () => ({
      compress: async ({ buffer }: { readonly buffer: Buffer }) => snappy(buffer),
      decompress: async (buffer: Buffer) => buffer,
    });
    await producer.send({ topic: packed, messages: [{ value: "s" }], compression: CompressionTypes.Snappy });
    CompressionCodecs[CompressionTypes.Snappy] = original;
    const bodies = await bodiesOf(name);
    const none = await bodiesOf(packed);
    await expect.poll(() => bodies, { timeout: 20_000 }).toEqual(["gzip"]);
    await expect
      .poll(() => notices.find((text) => text.includes(`opic ${packed}`)), { timeout: 20_000 })
      .toMatch(/no further than offset 0.*Snappy.*Install a codec.*\[undecodable\]$/);
    expect(none).toEqual([]);
  });

  it("hands out what transactions have committed, and nothing that they have aborted", async () => {
    const name = await topic();
    const transactional = others.producer({
      transactionalId: name,
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await transactional.connect();
    for (const [value, isKept] of [
      ["kept 1", true],
      ["aborted", false],
      ["kept 2", true],
    ] as const) {
      const transaction = await transactional.transaction();
      await transaction.send({ topic: name, messages: [{ value }] });
      await (isKept ? transaction.commit() : transaction.abort());
    }
    await transactional.disconnect();
    const bodies = await bodiesOf(name);
    await expect.poll(() => bodies, { timeout: 20_000 }).toEqual(["kept 1", "kept 2"]);
  });

  it("moves a message with a null value, no headers, or a header twice, as it is", async () => {
    const name = await topic();
    await producer.send({
      topic: name,
      messages: [
        { key: "k", value: null },
        { value: "x", headers: { twice: ["a", "b"] } },
      ],
    });
    const made = await provisioned(name);
    const letters: WireMessage[] = [];
    (
      await made.subscribe({ kind: "dead-letters", group: "svc" }, async ({ message: letter }) => {
        letters.push(letter);
        return { type: "ack" };
      })
    ).credit(10);
    await consume(made, name, async () => ({ type: "dead-letter", headers: { why: "not" } }));
    await expect.poll(() => letters.length, { timeout: 20_000 }).toBe(2);
    expect(letters[0]).toMatchObject({ key: "k", record: { isNull: true }, headers: { why: "not" } });
    expect(letters[1]).toMatchObject({ headers: { twice: "b", why: "not" } });
  });
});
