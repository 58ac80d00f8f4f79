import type { WireMessage } from "@waybill/core/transport";
import { ownHeaders } from "@waybill/core/transport-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RawHeader } from "../connection/protocol/records/raw-header.ts";
import { messageOf, recordOf, rewritten, sizeOf } from "./message.ts";
import type { NewRecord, RawRecord } from "../connection/protocol/records/record.ts";

const FROM = { destination: { kind: "queue", name: "q" }, lane: undefined, partition: "q--queue/0" } as const;

/** Returns a record as the broker stores it. */
function stored({ key, value, headers, timestamp }: NewRecord): RawRecord {
  const read = Object.entries(headers).map(([name, text]) => new RawHeader(name, Buffer.from(text)));
  return { offset: 7, timestamp, key, value, headers: read };
}

const NAME = fc.oneof(
  fc.stringMatching(/^[a-z%_-]{1,12}$/),
  fc.constantFrom(
    "waybill-id",
    "content-type",
    "constructor",
    "toString",
    "__proto__",
    "%x",
    "ce_id",
    "ce-id",
  ),
);

const MESSAGE: fc.Arbitrary<WireMessage> = fc.record({
  id: fc.string({ unit: "grapheme", minLength: 1 }),
  destination: fc.constant(FROM.destination),
  type: fc.constant(undefined),
  correlationId: fc.constant(undefined),
  key: fc.option(fc.string({ unit: "grapheme" }), { nil: undefined }),
  lane: fc.constant(undefined),
  deliverAt: fc.constant(undefined),
  contentType: fc.constantFrom("application/json", "text/plain"),
  headers: fc.array(fc.tuple(NAME, fc.string({ unit: "grapheme" }))).map((all) => Object.fromEntries(all)),
  body: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
});

describe("a message as a record", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(MESSAGE, (message) => {
        const { record, ...read } = messageOf(stored(recordOf(message, 0)), FROM);
        expect(read).toEqual(message);
        expect(record?.key).toEqual(message.key === undefined ? undefined : Buffer.from(message.key));
      }),
    );
  });

  it("is read as it was written after any number of moves", () => {
    fc.assert(
      fc.property(MESSAGE, fc.integer({ min: 1, max: 4 }), (message, moves) => {
        let record = stored(recordOf(message, 0));
        for (let move = 0; move < moves; move++)
          record = stored(rewritten(record, { id: message.id, attempts: 2, due: 9, lane: 3 }, move));
        expect(messageOf(record, FROM)).toMatchObject(message);
      }),
    );
  });

  it("is never larger than its estimated size", () => {
    fc.assert(
      fc.property(MESSAGE, (message) => {
        const record = recordOf(message, 0);
        const bytes = Object.entries(record.headers).reduce(
          (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
          (record.key?.length ?? 0) + (record.value?.length ?? 0),
        );
        expect(sizeOf(record)).toBeGreaterThanOrEqual(bytes);
      }),
    );
  });

  it("has the attributes of a CloudEvent under Kafka's names", () => {
    const headers = { [`${ownHeaders.cloudEventsPrefix}type`]: "order" };
    const message = {
      id: "i",
      headers,
      contentType: "a/b",
      body: Buffer.from(""),
      destination: FROM.destination,
    };
    const record = recordOf(
      {
        ...message,
        type: undefined,
        correlationId: undefined,
        key: undefined,
        lane: undefined,
        deliverAt: undefined,
      },
      0,
    );
    expect(record.headers).toMatchObject({ ce_type: "order", "content-type": "a/b" });
  });
});

describe("a foreign record", () => {
  const foreign = (parts: Partial<RawRecord>): RawRecord => ({
    offset: 12,
    timestamp: 1_700_000_000_000,
    key: null,
    value: Buffer.from("{}"),
    headers: [],
    ...parts,
  });

  it("gets an id from its partition and offset, and keeps the bytes of its key and its time", () => {
    const key = Buffer.from([0, 0, 0, 0, 0, 0, 0x2e, 0xe5]);
    const { id, record } = messageOf(foreign({ key }), FROM);
    expect(id).toBe("q--queue/0/12");
    expect(record).toEqual({ key, isNull: false, time: 1_700_000_000_000 });
  });

  it("keeps the bytes of its key, its null value and its time, whatever its media type, also when it is written again", () => {
    const key = Buffer.from([0, 255, 0, 0, 0, 0, 0x2e, 0xe5]);
    for (const type of ["application/json", "avro/binary", "text/plain; charset=latin1"]) {
      const headers = [new RawHeader("content-type", Buffer.from(type))];
      const first = messageOf(foreign({ key, value: null, headers }), FROM);
      expect(first).toMatchObject({
        contentType: type,
        record: { key, isNull: true, time: 1_700_000_000_000 },
      });
      const again = messageOf(stored(recordOf(first, 9)), FROM);
      expect(again).toMatchObject({ id: first.id, contentType: type, record: { key, isNull: true } });
    }
  });

  it("may have a null value", () => {
    const { body, record } = messageOf(foreign({ value: null }), FROM);
    expect([body.length, record?.isNull]).toEqual([0, true]);
  });

  it("may have a header twice, of which the last one counts, and headers with null values", () => {
    const headers = [
      new RawHeader("twice", Buffer.from("a")),
      new RawHeader("nothing", null),
      new RawHeader("twice", Buffer.from("b")),
    ];
    expect(messageOf(foreign({ headers }), FROM).headers).toEqual({ twice: "b", nothing: "" });
  });

  it("may have a header of any name, and keeps it when it is moved", () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const record = foreign({ headers: [new RawHeader(name, Buffer.from("x"))] });
      const moved = rewritten(record, { id: "i", attempts: 0, due: undefined, lane: undefined }, 5);
      for (const each of [record, stored(moved)])
        expect(Object.entries(messageOf(each, FROM).headers)).toEqual([[name, "x"]]);
    }
  });

  it("keeps its id when it is moved", () => {
    const moved = rewritten(
      foreign({ key: Buffer.from([255]) }),
      { id: "q--queue/0/12", attempts: 1, due: undefined, lane: undefined },
      5,
    );
    const read = messageOf({ ...stored(moved), offset: 99 }, FROM);
    expect(read.id).toBe("q--queue/0/12");
    expect(read.record).toMatchObject({ key: Buffer.from([255]), isNull: false });
  });
});
