import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, it } from "vitest";
import { recordBatch } from "./record-batch.ts";
import type { NewRecord } from "./record.ts";

const load = createRequire(import.meta.url);
const Decoder = load("kafkajs/src/protocol/decoder.js") as new (bytes: Buffer) => unknown;
const decode = load("kafkajs/src/protocol/recordBatch/v0/decoder.js") as (decoder: unknown) => Promise<{
  readonly records: readonly {
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly timestamp: string;
    readonly offset: string;
    readonly headers: Readonly<Record<string, Buffer>>;
  }[];
  readonly producerId: string;
  readonly firstSequence: number;
}>;
const encode = load("kafkajs/src/protocol/requests/produce/v7/request.js") as (request: unknown) => {
  readonly encode: () => Promise<{ readonly buffer: Buffer }>;
};

const BYTES = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

const RECORD: fc.Arbitrary<NewRecord> = fc.record({
  key: fc.option(BYTES),
  value: fc.option(BYTES),
  headers: fc
    .dictionary(
      fc.stringMatching(/^[a-z]{1,3}-[a-z]{1,100}$/),
      fc.oneof(fc.string({ unit: "grapheme" }), BYTES),
      {
        maxKeys: 5,
      },
    )
    .map((headers) => ({ ...headers })),
  timestamp: fc.integer({ min: 0, max: 2 ** 41 }),
});

const BATCH = fc.record({
  records: fc.array(RECORD, { minLength: 1, maxLength: 70 }),
  producerId: fc.nat().map(String),
  firstSequence: fc.nat(),
});

it("a record batch is decoded by kafkajs as it was written", async () => {
  await fc.assert(
    fc.asyncProperty(BATCH, async ({ records, producerId, firstSequence }) => {
      const bytes = recordBatch(records, { producerId, producerEpoch: 3, firstSequence });
      const read = await decode(new Decoder(bytes));
      expect({ producerId: read.producerId, firstSequence: read.firstSequence }).toEqual({
        producerId,
        firstSequence,
      });
      expect(
        read.records.map(({ key, value, timestamp, headers, offset }) => ({
          key,
          value,
          timestamp,
          headers,
          offset,
        })),
      ).toEqual(
        records.map(({ key, value, timestamp, headers }, at) => ({
          key,
          value,
          timestamp: String(timestamp),
          offset: String(at),
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, header]) => [name, Buffer.from(header as string)]),
          ),
        })),
      );
    }),
  );
});

it("a record batch equals that of kafkajs byte for byte, checksum included, when all records have the same time", async () => {
  await fc.assert(
    fc.asyncProperty(BATCH, async ({ records: some, producerId, firstSequence }) => {
      const records = some.map((record) => ({ ...record, timestamp: 1_700_000_000_000 }));
      const { buffer } = await encode({
        acks: -1,
        timeout: 1,
        producerId,
        producerEpoch: 3,
        topicData: [{ topic: "t", partitions: [{ partition: 0, firstSequence, messages: records }] }],
      }).encode();
      const mine = recordBatch(records, { producerId, producerEpoch: 3, firstSequence });
      expect(buffer.subarray(buffer.length - mine.length).equals(mine)).toBe(true);
    }),
  );
});
