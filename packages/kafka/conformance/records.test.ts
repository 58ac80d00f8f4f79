import type { WireMessage } from "@waybill/core/transport";
import { CompressionCodecs, CompressionTypes, Partitioners } from "kafkajs";
import { expect, it } from "vitest";
import { describeExternal } from "./describe-external.ts";

/** The time limit of one test, against tests that hang. */
const LIMIT_MS = 60_000;
const PATIENCE = { timeout: 20_000 };

/** Encoders that store bytes uncompressed in the format of each codec; at most 255 bytes. */
const STORED: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  /** The framing of Java's library: one block of one literal (Snappy format description). */
  Snappy: (bytes) => {
    const length = bytes.length;
    const block = Buffer.concat([
      Buffer.from([(length & 0x7f) | 0x80, length >> 7, 61 << 2, (length - 1) & 0xff, (length - 1) >> 8]),
      bytes,
    ]);
    const size = Buffer.alloc(4);
    size.writeInt32BE(block.length);
    return Buffer.concat([Buffer.from("82534e41505059000000000100000001", "hex"), size, block]);
  },
  /** A frame of independent blocks of 64 KiB, with the checksum of this header (LZ4 frame format). */
  LZ4: (bytes) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(0x8000_0000 + bytes.length);
    return Buffer.concat([Buffer.from("04224d18604082", "hex"), size, bytes, Buffer.alloc(4)]);
  },
  /** One segment, and one raw block, the last (RFC 8878). */
  ZSTD: (bytes) => {
    const block = Buffer.alloc(3);
    block.writeUIntLE((bytes.length << 3) | 1, 0, 3);
    return Buffer.concat([Buffer.from("28b52ffd20", "hex"), Buffer.from([bytes.length]), block, bytes]);
  },
};

await describeExternal("records of an external program", LIMIT_MS, (external) => {
  it("that are compressed by gzip are read", async () => {
    const name = await external.topic();
    await external.producer.send({
      topic: name,
      messages: [{ value: "gzip" }],
      compression: CompressionTypes.GZIP,
    });
    const bodies = await external.bodiesOf(name);
    await expect.poll(() => bodies, PATIENCE).toEqual(["gzip"]);
  });

  it.each(["Snappy", "LZ4", "ZSTD"] as const)(
    "that are compressed by %s without a codec cause a warning that names what to install; with a codec they are read",
    async (kind) => {
      const [name, plain] = [await external.topic(), await external.topic()];
      const type = CompressionTypes[kind];
      const none = CompressionCodecs[type];
      const codec = {
        compress: ({ buffer }: { readonly buffer: Buffer }) => Promise.resolve(STORED[kind]?.(buffer)),
        decompress: (buffer: Buffer) => Promise.resolve(opened(kind, buffer)),
      };
      CompressionCodecs[type] = () => codec;
      try {
        await external.producer.send({ topic: name, messages: [{ value: kind }], compression: type });
        CompressionCodecs[type] = none;
        await external.producer.send({ topic: plain, messages: [{ value: "plain" }] });
        const [refused, read] = [await external.bodiesOf(name), await external.bodiesOf(plain)];
        await expect.poll(() => read, PATIENCE).toEqual(["plain"]);
        await expect
          .poll(() => external.warnings.find((text) => text.includes(`Topic ${name}`)), PATIENCE)
          .toMatch(new RegExp(`no further than offset 0.*${kind}.*install it .*\\[undecodable\\]$`, "i"));
        expect(refused).toEqual([]);
        await external.close();
        CompressionCodecs[type] = () => codec;
        const bodies = await external.bodiesOf(name);
        await expect.poll(() => bodies, PATIENCE).toEqual([kind]);
      } finally {
        CompressionCodecs[type] = none;
      }
    },
  );

  it("of committed transactions are delivered, those of aborted ones are not, and the depth is zero", async () => {
    const name = await external.topic();
    const transactional = external.client.producer({
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
      ["aborted too", false],
    ] as const) {
      const transaction = await transactional.transaction();
      await transaction.send({ topic: name, messages: [{ value }] });
      await (isKept ? transaction.commit() : transaction.abort());
    }
    await transactional.disconnect();
    const bodies = await external.bodiesOf(name);
    await expect.poll(() => bodies, PATIENCE).toEqual(["kept 1", "kept 2"]);
    const looker = await external.transport(name);
    const source = { kind: "queue", name, group: "svc", lanes: 1 } as const;
    await expect.poll(async () => (await looker.depth(source)).ready, PATIENCE).toBe(0);
    expect(bodies).toEqual(["kept 1", "kept 2"]);
  });

  it("with a null value, no headers, or a header twice become dead letters unchanged", async () => {
    const name = await external.topic();
    await external.producer.send({
      topic: name,
      messages: [
        { key: "k", value: null },
        { value: "x", headers: { twice: ["a", "b"] } },
      ],
    });
    const made = await external.provisioned(name);
    const letters: WireMessage[] = [];
    const reader = await made.subscribe({ kind: "dead-letters", group: "svc" }, ({ message: letter }) => {
      letters.push(letter);
      return Promise.resolve({ type: "ack" });
    });
    reader.credit(10);
    await external.consume(made, name, () =>
      Promise.resolve({ type: "dead-letter", headers: { why: "not" } }),
    );
    await expect.poll(() => letters.length, PATIENCE).toBe(2);
    expect(letters[0]).toMatchObject({ key: "k", record: { isNull: true }, headers: { why: "not" } });
    expect(letters[1]).toMatchObject({ headers: { twice: "b", why: "not" } });
  });
});

/** Returns the bytes that {@link STORED} wrote. */
function opened(kind: "Snappy" | "LZ4" | "ZSTD", stored: Buffer): Buffer {
  const { length } = stored;
  if (kind === "LZ4") return stored.subarray(11, length - 4);
  return kind === "ZSTD" ? stored.subarray(9) : stored.subarray(25);
}
