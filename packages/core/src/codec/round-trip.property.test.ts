import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMessagingError } from "../environment/messaging-error.ts";
import type { Envelope, ExtensionValue } from "../message/envelope.ts";
import { BINARY_PREFIX } from "../message/headers.ts";
import type { WireContent } from "../message/wire-content.ts";
import { textOf, utf8 } from "../runtime/bytes.ts";
import { encodeBinary } from "./cloudevents-binary.ts";
import { encodeStructured } from "./cloudevents-structured.ts";
import { decode } from "./decode.ts";

const noCodec = (): undefined => undefined;
const text = fc.string({ unit: "binary", minLength: 1 });
const maybe = fc.option(fc.string({ unit: "binary" }), { nil: undefined });
const PLACED = new Set([
  "id",
  "source",
  "type",
  "time",
  "specversion",
  "correlationid",
  "causationid",
  "partitionkey",
  "replyto",
]);
const extensionName = fc
  .stringMatching(/^[a-z0-9]{1,12}$/)
  .filter((name) => !PLACED.has(name) && !name.startsWith("data"));

/** -0 is the only number that changes: JSON reads it as 0 (parsers need not keep a negative zero, ECMA-404). */
const json = fc
  .jsonValue({ noUnicodeString: false })
  .map((value): unknown => JSON.parse(JSON.stringify(value)));

const envelopes = (extension: fc.Arbitrary<ExtensionValue>): fc.Arbitrary<Envelope> =>
  fc.record({
    id: text,
    source: text,
    type: text,
    time: maybe,
    correlationId: maybe,
    causationId: maybe,
    partitionKey: maybe,
    replyTo: maybe,
    extensions: fc.dictionary(extensionName, extension, { noNullPrototype: true }),
    data: fc.oneof(json, fc.constant(undefined)),
  });

/** The message as a broker returns it: other buffers, headers in another order. */
const travelled = ({ body, contentType, headers }: WireContent): WireContent => ({
  body: Uint8Array.from(body),
  contentType,
  headers: Object.fromEntries(Object.entries(headers).toReversed()),
});

describe("a message is read as it was written", () => {
  it("in structured mode: any JSON, any text, absent attributes, unknown extensions", () => {
    const extension = fc.oneof(fc.string({ unit: "binary" }), fc.boolean(), fc.integer());
    fc.assert(
      fc.property(envelopes(extension), (envelope) => {
        const content = encodeStructured(envelope);
        expect(content.headers).toEqual({});
        expect(decode(travelled(content), noCodec)).toEqual(envelope);
      }),
    );
  });

  it("in binary mode: the same, with every extension as text", () => {
    fc.assert(
      fc.property(envelopes(fc.string({ unit: "binary" })), (envelope) => {
        const content = encodeBinary(envelope, undefined);
        expect(decode(travelled(content), noCodec)).toEqual(envelope);
        if (envelope.data !== undefined) expect(textOf(content.body)).toBe(JSON.stringify(envelope.data));
      }),
    );
  });

  it("in binary mode with its own codec: the bytes and the media type of the codec", () => {
    const rot: Parameters<typeof encodeBinary>[1] = {
      contentType: "application/x-rot",
      encode: (data) => utf8(Array.from(String(data)).toReversed().join("")),
      decode: (bytes) =>
        Array.from(textOf(bytes) ?? "")
          .toReversed()
          .join(""),
    };
    const envelope: Envelope = { ...BARE, data: "abc" };
    const content = encodeBinary(envelope, rot);
    expect(content).toMatchObject({ contentType: "application/x-rot" });
    expect(textOf(content.body)).toBe("cba");
    expect(decode(content, () => rot)).toEqual(envelope);
    expect(decode(content, noCodec).data).toEqual(Uint8Array.from(utf8("cba")));
  });
});

const BARE: Envelope = {
  id: "1",
  source: "s",
  type: "t",
  time: undefined,
  correlationId: undefined,
  causationId: undefined,
  partitionKey: undefined,
  replyTo: undefined,
  extensions: {},
  data: undefined,
};

describe("on the wire", () => {
  it("a structured message is one CloudEvent, attributes first, without absent ones", () => {
    const { body, contentType } = encodeStructured({
      ...BARE,
      time: "2026-01-01T00:00:00.000Z",
      extensions: { tenant: "x" },
      data: { a: 1 },
    });
    expect(contentType).toBe("application/cloudevents+json");
    expect(textOf(body)).toBe(
      '{"specversion":"1.0","id":"1","source":"s","type":"t","time":"2026-01-01T00:00:00.000Z","tenant":"x","data":{"a":1}}',
    );
  });

  it("a binary message has its attributes in headers", () => {
    const { headers, contentType } = encodeBinary({ ...BARE, correlationId: "c", data: [1] }, undefined);
    expect(contentType).toBe("application/json");
    expect(headers).toEqual({
      [`${BINARY_PREFIX}specversion`]: "1.0",
      [`${BINARY_PREFIX}id`]: "1",
      [`${BINARY_PREFIX}source`]: "s",
      [`${BINARY_PREFIX}type`]: "t",
      [`${BINARY_PREFIX}correlationid`]: "c",
    });
  });

  it("a content type may have parameters and any case", () => {
    const { body } = encodeStructured(BARE);
    for (const contentType of ["application/cloudevents+json; charset=utf-8", "Application/CloudEvents+JSON"])
      expect(decode({ body, contentType, headers: {} }, noCodec)).toEqual(BARE);
  });
});

describe("hostile input", () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map(utf8),
    fc
      .jsonValue()
      .map((data) =>
        utf8(JSON.stringify({ specversion: "1.0", id: "1", source: "s", type: "t", data }).slice(0, -1)),
      ),
    fc
      .dictionary(
        fc.constantFrom("specversion", "id", "source", "type", "time", "data_base64", "x", "__proto__", "X"),
        fc.jsonValue(),
      )
      .map((document) => utf8(JSON.stringify(document))),
  );
  const contentTypes = fc.constantFrom(
    "application/cloudevents+json",
    "application/json",
    "",
    "text/plain",
    "application/cloudevents-batch+json",
  );
  const headers = fc.dictionary(
    fc.constantFrom("ce-specversion", "ce-id", "ce-source", "ce-type", "ce-Bad", "other"),
    fc.string(),
  );

  it("is read or refused as undecodable, without any other error", () => {
    fc.assert(
      fc.property(garbage, contentTypes, headers, (body, contentType, given) => {
        try {
          expect(decode({ body, contentType, headers: given }, noCodec).id).not.toBe("");
        } catch (error) {
          if (!isMessagingError(error, "undecodable")) throw error;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["invalid UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "UTF-8"],
    ["an array", utf8("[]"), "not a JSON object"],
    ["another version", utf8('{"specversion":"0.3"}'), "specversion"],
    ["a missing id", utf8('{"specversion":"1.0","source":"s","type":"t"}'), "attribute id is absent"],
    ["an empty source", utf8('{"specversion":"1.0","id":"1","source":"","type":"t"}'), "attribute source"],
    [
      "an attribute in capitals",
      utf8('{"specversion":"1.0","id":"1","source":"s","type":"t","Bad":"x"}'),
      '"Bad"',
    ],
    [
      "an attribute that is an object",
      utf8('{"specversion":"1.0","id":"1","source":"s","type":"t","x":{}}'),
      "attribute x",
    ],
    [
      "invalid Base64",
      utf8('{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"?"}'),
      "data_base64",
    ],
    [
      "data in both forms",
      utf8('{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"AA==","data":1}'),
      "data_base64",
    ],
  ])("%s is refused with its reason", (_, body, reason) => {
    expect(() => decode({ body, contentType: "application/cloudevents+json", headers: {} }, noCodec)).toThrow(
      reason,
    );
  });

  it("is refused when it is a batch of events, and the error names that format", () => {
    expect(() =>
      decode({ body: utf8("[]"), contentType: "application/cloudevents-batch+json", headers: {} }, noCodec),
    ).toThrow("application/cloudevents-batch+json is not supported");
  });

  it("is read or refused without a stack overflow, however deep it is nested", () => {
    const body = utf8(
      `{"specversion":"1.0","id":"1","source":"s","type":"t","data":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
    );
    expect(decode({ body, contentType: "application/cloudevents+json", headers: {} }, noCodec).id).toBe("1");
  });
});
