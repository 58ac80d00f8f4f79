import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";
import { recordBatch } from "./record-batch.ts";
import { readRecordSet } from "./record-set.ts";
import type { NewRecord, RawRecord } from "./record.ts";

const HEADER_BYTES = 61;
const [COMPRESSED, LOG_TIME, TRANSACTIONAL, CONTROL] = [1, 0x8, 0x10, 0x20];
const SNAPPY = 2;

function record(value: string, parts: Partial<NewRecord> = {}): NewRecord {
  return { key: null, value: Buffer.from(value), headers: {}, timestamp: 5, ...parts };
}

interface Batch {
  readonly producer?: number;
  readonly attributes?: number;
}

function batch(
  offset: number,
  records: readonly NewRecord[],
  { producer = 1, attributes = 0 }: Batch = {},
): Buffer {
  const bytes = recordBatch(records, { producerId: String(producer), producerEpoch: 0, firstSequence: 0 });
  bytes.writeBigInt64BE(BigInt(offset), 0);
  bytes.writeInt16BE(attributes, 21);
  return signed(bytes);
}

/** Returns the bytes with a correct checksum. */
function signed(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17);
  return bytes;
}

/** Returns the control batch at the end of a transaction: type 0 for an aborted one, 1 for a committed one. */
function end(offset: number, producer: number, type: 0 | 1): Buffer {
  return batch(offset, [record("", { key: Buffer.from([0, 0, 0, type]) })], {
    producer,
    attributes: TRANSACTIONAL | CONTROL,
  });
}

function values(records: readonly RawRecord[]): readonly string[] {
  return records.map(({ value }) => String(value));
}

const BYTES = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const RECORD: fc.Arbitrary<NewRecord> = fc.record({
  key: fc.option(BYTES),
  value: fc.option(BYTES),
  // Few names and values, so that the reader reuses headers.
  headers: fc.dictionary(
    fc.constantFrom("a", "b", "__proto__", "aé", "content-type"),
    fc.constantFrom("", "x", "y", "é"),
  ),
  timestamp: fc.integer({ min: 0, max: 2 ** 45 }),
});

describe("stored records", () => {
  it("are read as they were written", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(RECORD, { minLength: 1, maxLength: 80 }),
        fc.nat(2 ** 40),
        async (written, at) => {
          const { records, next } = await readRecordSet(batch(at, written), []);
          expect(next).toBe(at + written.length);
          expect(
            records.map(({ headers, ...rest }) => ({
              ...rest,
              headers: headers.map(({ name, value, text }) => [name, String(value), text]),
            })),
          ).toEqual(
            written.map(({ headers, ...rest }, place) => ({
              ...rest,
              offset: at + place,
              headers: Object.entries(headers).map(([name, text]) => [name, text, text]),
            })),
          );
        },
      ),
    );
  });

  it("are read from several batches, also when the last one is truncated anywhere", async () => {
    const first = batch(3, [record("a"), record("b")]);
    const all = Buffer.concat([first, batch(9, [record("c")])]);
    for (let length = 0; length <= all.length; length++) {
      const { records, next, unreadable } = await readRecordSet(all.subarray(0, length), []);
      const whole = length === all.length ? 3 : length < first.length ? 0 : 2;
      expect(values(records)).toEqual(["a", "b", "c"].slice(0, whole));
      expect(next).toBe([undefined, undefined, 5, 10][whole]);
      expect(unreadable).toBeUndefined();
    }
  });

  it("of a batch that compaction has emptied are skipped", async () => {
    const empty = batch(3, [record("a"), record("b")]).subarray(0, HEADER_BYTES);
    empty.writeInt32BE(HEADER_BYTES - 12, 8);
    empty.writeInt32BE(0, 57);
    expect(await readRecordSet(signed(empty), [])).toEqual({ records: [], next: 5, unreadable: undefined });
  });

  it("have their append time when the topic is set to log append time", async () => {
    const bytes = batch(0, [record("a", { timestamp: 7 }), record("b", { timestamp: 9 })], {
      attributes: LOG_TIME,
    });
    const { records } = await readRecordSet(bytes, []);
    expect(records.map(({ timestamp }) => timestamp)).toEqual([9, 9]);
  });
});

describe("records of transactions", () => {
  it("are left out if and only if the transaction was aborted", async () => {
    const zeros = record("aborted", { key: Buffer.from([0, 0, 0, 0]) });
    const set = Buffer.concat([
      batch(0, [record("before")], { attributes: TRANSACTIONAL }),
      end(1, 1, 1),
      batch(2, [zeros, record("aborted")], { attributes: TRANSACTIONAL }),
      batch(4, [record("other")], { producer: 2, attributes: TRANSACTIONAL }),
      batch(5, [record("aborted")], { attributes: TRANSACTIONAL }),
      batch(6, [record("none")]),
      end(7, 1, 0),
      end(8, 2, 1),
      batch(9, [record("after")], { attributes: TRANSACTIONAL }),
    ]);
    const { records, next } = await readRecordSet(set, [{ producerId: 1, firstOffset: 2 }]);
    expect(values(records)).toEqual(["before", "other", "none", "after"]);
    expect(next).toBe(10);
  });
});

describe("compressed records", () => {
  const compressed = (bytes: Buffer, codec: number): Buffer => {
    const content = gzipSync(bytes.subarray(HEADER_BYTES));
    const whole = Buffer.concat([bytes.subarray(0, HEADER_BYTES), content]);
    whole.writeInt32BE(whole.length - 12, 8);
    whole.writeInt16BE(codec, 21);
    return signed(whole);
  };

  it("are read", async () => {
    const bytes = compressed(batch(4, [record("a"), record("b")]), COMPRESSED);
    const { records, next } = await readRecordSet(bytes, []);
    expect([values(records), next]).toEqual([["a", "b"], 6]);
  });

  it("of an unknown codec are not skipped, and the records before them are read", async () => {
    const bad = compressed(batch(1, [record("b")]), SNAPPY);
    const both = await readRecordSet(Buffer.concat([batch(0, [record("a")]), bad]), []);
    expect([values(both.records), both.next, both.unreadable]).toEqual([["a"], 1, undefined]);
    const { records, next, unreadable } = await readRecordSet(bad, []);
    expect([records, next]).toEqual([[], undefined]);
    expect(unreadable).toMatch(/Snappy compression not implemented/);
  });

  it("that are damaged are not skipped: the partition is read no further", async () => {
    const bad = batch(1, [record("b")]);
    bad.writeInt16BE(COMPRESSED, 21);
    expect((await readRecordSet(bad, [])).unreadable).toBeDefined();
  });
});

describe("damaged records", () => {
  const damaged: readonly (readonly [string, (bytes: Buffer) => unknown])[] = [
    ["fewer than the batch says", (bytes) => bytes.writeInt32BE(3, 57)],
    ["a batch without a length", (bytes) => bytes.writeInt32BE(-12, 8)],
    ["a batch shorter than any can be", (bytes) => bytes.writeInt32BE(4, 8)],
  ];

  it.each(damaged)("are neither read in part nor skipped: %s", async (_, damage) => {
    const bad = batch(1, [record("b"), record("c")]);
    damage(bad);
    const { unreadable: reason, ...rest } = await readRecordSet(bad, []);
    expect([rest, typeof reason]).toEqual([{ records: [], next: undefined }, "string"]);
    const both = await readRecordSet(Buffer.concat([batch(0, [record("a")]), bad]), []);
    expect([values(both.records), both.next, both.unreadable]).toEqual([["a"], 1, undefined]);
  });
});

describe("damaged bytes", () => {
  it("are always detected, in any byte that the checksum covers", async () => {
    const good = batch(4, [record('{"amount":100}', { headers: { a: "b" } })]);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 17, max: good.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, bits) => {
          const bad = Buffer.from(good);
          bad[at] = (bad[at] ?? 0) ^ bits;
          const { records, next, unreadable } = await readRecordSet(bad, []);
          expect([records, next, unreadable]).toEqual([[], undefined, expect.stringMatching(/checksum/)]);
        },
      ),
    );
  });
});

describe("undamaged batches that violate the format or exceed the limits", () => {
  const bodies = (count: number, body: Buffer): Buffer => {
    const whole = Buffer.concat([batch(3, [record("x")]).subarray(0, HEADER_BYTES), body]);
    whole.writeInt32BE(whole.length - 12, 8);
    whole.writeInt32BE(Math.max(0, count - 1), 23);
    whole.writeInt32BE(count, 57);
    return signed(whole);
  };
  const zipped = (whole: Buffer): Buffer => {
    const bytes = Buffer.concat([whole.subarray(0, HEADER_BYTES), gzipSync(whole.subarray(HEADER_BYTES))]);
    bytes.writeInt32BE(bytes.length - 12, 8);
    bytes.writeInt16BE(COMPRESSED, 21);
    return signed(bytes);
  };
  const varint = (number: number): readonly number[] => {
    const bytes: number[] = [];
    for (let rest = number < 0 ? -2 * number - 1 : 2 * number; ; rest = Math.floor(rest / 128)) {
      bytes.push(rest < 128 ? rest : (rest % 128) | 128);
      if (rest < 128) return bytes;
    }
  };
  /** One record with headers that have empty names and values. */
  const withHeaders = (count: number): Buffer => {
    const inner = Buffer.concat([Buffer.from([0, 0, 0, 1, 1, ...varint(count)]), Buffer.alloc(2 * count)]);
    return bodies(1, Buffer.concat([Buffer.from(varint(inner.length)), inner]));
  };
  const bomb = (): Buffer => zipped(bodies(1, Buffer.alloc(200 * 1_024 * 1_024)));
  const cases: readonly (readonly [string, () => Buffer, RegExp])[] = [
    ["a record of -1 bytes", () => bodies(1, Buffer.from([1, 0, 0, 0, 1, 1, 0])), /-1 bytes/],
    ["2^31-1 records in 7 bytes", () => bodies(2 ** 31 - 1, Buffer.alloc(7)), /2147483647 records/],
    ["a negative number of records", () => bodies(-1, Buffer.alloc(7)), /-1 records/],
    [
      "a record that is longer than its batch",
      () => bodies(1, Buffer.from([200, 1, 0, 0, 0, 1, 1])),
      /100 bytes/,
    ],
    [
      "a record whose value is longer than the record",
      () => bodies(1, Buffer.from([12, 0, 0, 0, 1, 40, ...Buffer.alloc(40)])),
      /longer than it declares/,
    ],
    [
      "offsets that do not ascend",
      () => bodies(2, Buffer.from([12, 0, 0, 0, 1, 1, 0, 12, 0, 0, 0, 1, 1, 0])),
      /relative offset 0 after 0/,
    ],
    [
      "an offset after the last one",
      () => bodies(1, Buffer.from([12, 0, 0, 6, 1, 1, 0])),
      /relative offset 3/,
    ],
    ["more headers than bytes", () => bodies(1, Buffer.from([16, 0, 0, 0, 1, 1, 200, 1, 0])), /100 headers/],
    ["three million headers", () => zipped(withHeaders(3_000_000)), /3000000 headers/],
    ["a million records", () => zipped(bodies(1_000_000, Buffer.alloc(8_000_000))), /1000000 records/],
    ["a number that never ends", () => bodies(1, Buffer.alloc(300, 0x80)), /more than ten bytes/],
    ["records that decompress to 200 MiB", bomb, /more than 33554432 bytes/],
    [
      "records that decompress to 200 MiB, with a false size",
      () => {
        const bytes = bomb();
        bytes.writeUInt32LE(1_000, bytes.length - 4);
        return signed(bytes);
      },
      /more than 33554432 bytes/,
    ],
    [
      "records that cannot be decompressed",
      () => {
        const bytes = bodies(1, Buffer.from("this is no gzip\0\0\0\0"));
        bytes.writeInt16BE(COMPRESSED, 21);
        return signed(bytes);
      },
      /cannot be decompressed/,
    ],
  ];

  it.each(cases)(
    "become one unreadable record with their own bytes, and the records after them are read: %s",
    async (_, make, why) => {
      const bad = make();
      const after = bad.readInt32BE(23) + 4;
      const { records, next } = await readRecordSet(
        Buffer.concat([bad, batch(after, [record("after")])]),
        [],
      );
      const [first, second] = records;
      expect(first).toMatchObject({
        offset: after - 1,
        key: null,
        headers: [],
        unreadable: expect.stringMatching(why),
      });
      expect(first?.value?.equals(bad)).toBe(true);
      expect([second?.offset, String(second?.value), next]).toEqual([after, "after", after + 1]);
    },
  );

  it("with impossible offsets are not read, because the checksum does not cover the offset", async () => {
    const [here, there] = [batch(4, [record("a")]), batch(2 ** 40, [record("b")])];
    const far = await readRecordSet(Buffer.concat([here, there]), [], { end: 6 });
    expect([values(far.records), far.next, far.unreadable]).toEqual([["a"], 5, undefined]);
    const back = await readRecordSet(Buffer.concat([here, batch(3, [record("b")])]), [], { end: 6 });
    expect([values(back.records), back.next]).toEqual([["a"], 5]);
    const alone = await readRecordSet(there, [], { end: 6 });
    expect([alone.records, alone.next, alone.unreadable]).toEqual([
      [],
      undefined,
      expect.stringMatching(/cannot follow/),
    ]);
  });

  it("that are marked with an older format are detected, because their checksum does not match", async () => {
    const bad = batch(0, [record("a", { value: Buffer.alloc(200) })]);
    bad[16] = 0;
    const { records, next, unreadable } = await readRecordSet(bad, []);
    expect([records, next, unreadable]).toEqual([[], undefined, expect.stringMatching(/checksum/)]);
  });

  it("are read up to the budget of one response, and the rest with the next one", async () => {
    const each = zipped(withHeaders(9_999));
    const many = Array.from({ length: 100 }, (_, at) => {
      const copy = Buffer.from(each);
      copy.writeBigInt64BE(BigInt(at), 0);
      return copy;
    });
    const { records, next } = await readRecordSet(Buffer.concat(many), []);
    expect([records.length, next]).toEqual([30, 30]);
  });
});

it("messages of brokers before 0.11 are read", async () => {
  const encode = createRequire(import.meta.url)("kafkajs/src/protocol/messageSet/index.js") as (
    set: unknown,
  ) => {
    readonly buffer: Buffer;
  };
  for (const messageVersion of [0, 1]) {
    const older = encode({
      messageVersion,
      compression: 0,
      entries: [{ key: "k", value: "a", timestamp: 8 }],
    }).buffer;
    older.writeBigInt64BE(6n);
    const { records, next } = await readRecordSet(Buffer.concat([older, batch(7, [record("b")])]), []);
    expect([values(records), next]).toEqual([["a", "b"], 8]);
    expect(records[0]).toMatchObject({ offset: 6, timestamp: messageVersion === 0 ? -1 : 8, headers: [] });
  }
});
