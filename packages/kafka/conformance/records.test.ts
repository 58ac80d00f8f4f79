import type { WireMessage } from "@waybill/core/transport";
import { CompressionCodecs, CompressionTypes, Partitioners } from "kafkajs";
import { expect, it } from "vitest";
import { aboutOthers } from "./about-others.ts";

/** For one test: the bound is for those that hang. */
const LIMIT_MS = 60_000;
const PATIENCE = { timeout: 20_000 };

/** Compressed, and nothing saved by it: each format has blocks that are stored as they are. At most 255 bytes. */
const STORED: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  /** Framed as Java's library does it: one block of one literal (Snappy format description). */
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

await aboutOthers("records of others", LIMIT_MS, (others) => {
  it("that are compressed by gzip are read", async () => {
    const name = await others.topic();
    await others.producer.send({
      topic: name,
      messages: [{ value: "gzip" }],
      compression: CompressionTypes.GZIP,
    });
    const bodies = await others.bodiesOf(name);
    await expect.poll(() => bodies, PATIENCE).toEqual(["gzip"]);
  });

  it.each(["Snappy", "LZ4", "ZSTD"] as const)(
    "that are compressed by %s are refused by its name, with what to install, and nothing is lost; with a codec they are read",
    async (kind) => {
      const [name, plain] = [await others.topic(), await others.topic()];
      const type = CompressionTypes[kind];
      const none = CompressionCodecs[type];
      const codec = {
        compress: ({ buffer }: { readonly buffer: Buffer }) => Promise.resolve(STORED[kind]?.(buffer)),
        decompress: (buffer: Buffer) => Promise.resolve(opened(kind, buffer)),
      };
      CompressionCodecs[type] = () => codec;
      try {
        await others.producer.send({ topic: name, messages: [{ value: kind }], compression: type });
        CompressionCodecs[type] = none;
        await others.producer.send({ topic: plain, messages: [{ value: "plain" }] });
        const [refused, read] = [await others.bodiesOf(name), await others.bodiesOf(plain)];
        await expect.poll(() => read, PATIENCE).toEqual(["plain"]);
        await expect
          .poll(() => others.notices.find((text) => text.includes(`Topic ${name}`)), PATIENCE)
          .toMatch(new RegExp(`no further than offset 0.*${kind}.*install it .*\\[undecodable\\]$`, "i"));
        expect(refused).toEqual([]);
        await others.close();
        CompressionCodecs[type] = () => codec;
        const bodies = await others.bodiesOf(name);
        await expect.poll(() => bodies, PATIENCE).toEqual([kind]);
      } finally {
        CompressionCodecs[type] = none;
      }
    },
  );

  it("that transactions have committed are handed out, and nothing that they have aborted; nothing is left to read", async () => {
    const name = await others.topic();
    const transactional = others.client.producer({
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
    const bodies = await others.bodiesOf(name);
    await expect.poll(() => bodies, PATIENCE).toEqual(["kept 1", "kept 2"]);
    const looker = await others.transport(name);
    const source = { kind: "queue", name, group: "svc", lanes: 1 } as const;
    await expect.poll(async () => (await looker.depth(source)).ready, PATIENCE).toBe(0);
    expect(bodies).toEqual(["kept 1", "kept 2"]);
  });

  it("that have a null value, no headers, or a header twice are moved as they are", async () => {
    const name = await others.topic();
    await others.producer.send({
      topic: name,
      messages: [
        { key: "k", value: null },
        { value: "x", headers: { twice: ["a", "b"] } },
      ],
    });
    const made = await others.provisioned(name);
    const letters: WireMessage[] = [];
    const reader = await made.subscribe({ kind: "dead-letters", group: "svc" }, ({ message: letter }) => {
      letters.push(letter);
      return Promise.resolve({ type: "ack" });
    });
    reader.credit(10);
    await others.consume(made, name, () => Promise.resolve({ type: "dead-letter", headers: { why: "not" } }));
    await expect.poll(() => letters.length, PATIENCE).toBe(2);
    expect(letters[0]).toMatchObject({ key: "k", record: { isNull: true }, headers: { why: "not" } });
    expect(letters[1]).toMatchObject({ headers: { twice: "b", why: "not" } });
  });
});

/** What was stored as it was. */
function opened(kind: "Snappy" | "LZ4" | "ZSTD", batchByPartition: Buffer): Buffer {
  const { length } = batchByPartition;
  if (kind === "LZ4") return batchByPartition.subarray(11, length - 4);
  return kind === "ZSTD" ? batchByPartition.subarray(9) : batchByPartition.subarray(25);
}
