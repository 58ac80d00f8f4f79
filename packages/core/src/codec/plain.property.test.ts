import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Envelope } from "../message/envelope.ts";
import type { PlainFormat, PlainMessage } from "../message/plain-format.ts";
import { decodePlain, encodePlain } from "./plain.ts";
import { plainJson, plainLong, plainText } from "./plain-values.ts";

const FACTS = { id: "1", type: "t", source: "s" };
const BYTES = fc.uint8Array({ maxLength: 20 }).map((bytes) => Uint8Array.from(bytes));
const MAYBE = fc.option(BYTES, { nil: undefined });

/** A format whose data is the message itself. */
const AS_IS: PlainFormat<PlainMessage> = { read: (message) => message, write: (data) => data };

const envelopeOf = (data: unknown): Envelope => ({
  ...FACTS,
  time: undefined,
  correlationId: undefined,
  causationId: undefined,
  partitionKey: undefined,
  replyTo: undefined,
  extensions: {},
  data,
});

describe("a plain message", () => {
  it("is read as it was written, on a broker with keys of bytes and nulls", () => {
    fc.assert(
      fc.property(MAYBE, MAYBE, fc.dictionary(fc.string(), fc.string()), (key, value, headers) => {
        const wire = encodePlain(envelopeOf({ key, value, headers }), AS_IS as PlainFormat);
        expect(wire.contentType).toBe("");
        expect(decodePlain(wire, AS_IS as PlainFormat, FACTS).data).toEqual({
          key,
          value,
          headers,
          time: undefined,
        });
      }),
    );
  });

  it("keeps any key on a broker whose keys are text, and reads a null as an empty value", () => {
    fc.assert(
      fc.property(MAYBE, MAYBE, (key, value) => {
        const { record: _, ...wire } = encodePlain(envelopeOf({ key, value }), AS_IS as PlainFormat);
        const { data, partitionKey } = decodePlain(wire, AS_IS as PlainFormat, FACTS);
        const came = data as PlainMessage;
        expect(came.key && Uint8Array.from(came.key)).toEqual(key);
        expect(came.value).toEqual(value?.length === 0 ? undefined : value);
        expect(partitionKey).toBe(wire.key);
      }),
    );
  });

  it("has equal key texts for equal keys only, because order depends on it", () => {
    fc.assert(
      fc.property(BYTES, BYTES, (one, other) => {
        const textOf = (key: Uint8Array) => encodePlain(envelopeOf({ key }), AS_IS as PlainFormat).key;
        expect(textOf(one) === textOf(other)).toBe(Buffer.compare(one, other) === 0);
      }),
    );
  });

  it("that its format refuses is an error for the sender and unreadable for the receiver", () => {
    const refusing: PlainFormat = {
      read: () => {
        throw new RangeError("no such thing");
      },
      write: () => {
        throw new TypeError("not that");
      },
    };
    expect(() => encodePlain(envelopeOf(1), refusing)).toThrow(
      expect.objectContaining({ code: "not-serializable" }),
    );
    const wire = { body: Buffer.from("x"), contentType: "", headers: {}, key: undefined };
    expect(() => decodePlain(wire, refusing, FACTS)).toThrow(
      expect.objectContaining({ code: "undecodable" }),
    );
  });
});

describe("plain values", () => {
  it("of 64 bits are written like Kafka's LongSerializer", () => {
    expect(plainLong.write(12_005n)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0x2e, 0xe5));
    expect(plainLong.write(-2n)).toEqual(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 254));
    expect(plainLong.write(null)).toBeUndefined();
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(plainLong.read(plainLong.write(value))).toBe(value);
      }),
    );
    expect(() => plainLong.write(2n ** 63n)).toThrow(RangeError);
    expect(() => plainLong.read(Buffer.from("1234"))).toThrow("8 bytes");
  });

  it("of JSON and text are read as they were written, null too", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(plainJson.read(plainJson.write(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    fc.assert(
      fc.property(fc.option(fc.string({ unit: "grapheme" })), (value) => {
        expect(plainText.read(plainText.write(value))).toBe(value);
      }),
    );
    expect(plainJson.read(new Uint8Array(0))).toBeNull();
    expect(() => plainJson.read(Buffer.from([0xff]))).toThrow("UTF-8");
    expect(() => plainText.read(Buffer.from([0xff]))).toThrow("UTF-8");
  });
});
