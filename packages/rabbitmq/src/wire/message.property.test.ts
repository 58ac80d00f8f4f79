import type { ConsumeMessage } from "amqplib";
import fc from "fast-check";
import { NO_HEADERS, type WireMessage } from "@waybill/core/transport";
import { describe, expect, it } from "vitest";
import { forwardedProperties, propertiesOf, readMessage, sizeOf } from "./message.ts";

const TEXT = fc.string({ unit: "binary", maxLength: 300 });
const NAME = fc.oneof(
  fc.stringMatching(/^[!-~]{1,30}$/),
  fc.constantFrom("CC", "BCC", "__proto__", "x-death", "x-delivery-count", "%", "%CC", "%%x", "constructor"),
);
const HEADERS = fc.oneof(
  fc.constant(NO_HEADERS),
  fc
    .array(fc.tuple(NAME, TEXT), { maxLength: 8 })
    .map((pairs): Record<string, string> => Object.fromEntries(pairs)),
);

const SAMPLE: WireMessage = {
  id: "1",
  destination: { kind: "queue", name: "shop" },
  type: undefined,
  correlationId: undefined,
  key: undefined,
  lane: undefined,
  deliverAt: undefined,
  contentType: "",
  headers: NO_HEADERS,
  body: new Uint8Array(),
};

const MESSAGE: fc.Arbitrary<WireMessage> = fc.record({
  id: TEXT.filter((id) => id !== ""),
  destination: fc.constant({ kind: "queue", name: "shop" } as const),
  type: fc.option(fc.string({ maxLength: 80 }), { nil: undefined }),
  correlationId: fc.option(fc.string({ maxLength: 80 }), { nil: undefined }),
  key: fc.option(TEXT, { nil: undefined }),
  lane: fc.option(fc.nat(), { nil: undefined }),
  deliverAt: fc.constant(undefined),
  contentType: fc.constantFrom("", "application/json"),
  headers: HEADERS,
  body: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
});

/** Returns the message that RabbitMQ would deliver, with its own headers added. */
function delivered(message: WireMessage, properties: object, own: object = {}): ConsumeMessage {
  const { headers, ...rest } = properties as { readonly headers?: object };
  return {
    content: message.body,
    fields: { deliveryTag: 1, exchange: "", routingKey: "" },
    properties: { ...rest, headers: { ...headers, ...own } },
  } as unknown as ConsumeMessage;
}

describe("a message on the wire", () => {
  it("does not use app_id as a key, and keeps it when the message is forwarded", () => {
    const raw = delivered(SAMPLE, { ...propertiesOf(SAMPLE), appId: "billing" });
    expect(readMessage(raw, SAMPLE.destination, undefined).message.key).toBeUndefined();
    expect(forwardedProperties(raw, { headers: NO_HEADERS, attempts: 0 })).toMatchObject({
      appId: "billing",
    });
    expect(propertiesOf({ ...SAMPLE, key: "order-1" })).not.toHaveProperty("appId");
  });

  it("is read as it was written, with any text in id, key and headers, also under names that RabbitMQ reserves", () => {
    fc.assert(
      fc.property(MESSAGE, (message) => {
        const raw = delivered(message, propertiesOf(message), { "x-delivery-count": 2, "x-death": [{}] });
        expect(readMessage(raw, message.destination, message.lane)).toEqual({ message, attempts: 2 });
      }),
    );
  });

  it("is unchanged when it is forwarded, except for its attempts and the replaced headers", () => {
    fc.assert(
      fc.property(MESSAGE, HEADERS, (message, headers) => {
        const raw = delivered(message, propertiesOf(message), { "x-delivery-count": 1 });
        const forwarded = delivered(message, forwardedProperties(raw, { headers, attempts: 3 }));
        const { message: again, attempts } = readMessage(forwarded, message.destination, message.lane);
        expect(attempts).toBe(3);
        const wanted = { ...message.headers, ...headers };
        expect(new Map(Object.entries(again.headers))).toEqual(new Map(Object.entries(wanted)));
        expect({ ...again, headers: NO_HEADERS }).toEqual({ ...message, headers: NO_HEADERS });
      }),
    );
  });

  it("has no header table without headers, key and long id", () => {
    const message = { ...SAMPLE, id: "1", key: undefined, headers: NO_HEADERS };
    expect(propertiesOf(message).headers).toBeUndefined();
    expect(sizeOf({ ...message, key: undefined })).toBe(0);
  });

  it("from another application has text headers, and keeps its header values when it is forwarded", () => {
    const headers = {
      text: "plain",
      number: 7,
      yes: true,
      none: null,
      bytes: Buffer.from([255, 0]),
      when: { "!": "timestamp", value: 1_700_000_000 },
      list: [1, "two"],
      "x-first-death-queue": "elsewhere",
      "waybill-attempt": "many",
    };
    const properties = { headers, messageId: undefined, userId: "mallory", expiration: "5", replyTo: "q" };
    const raw = delivered({ ...SAMPLE, body: Buffer.from("??") }, properties);
    const { message, attempts } = readMessage(raw, { kind: "queue", name: "shop" }, undefined);
    expect(attempts).toBe(0);
    expect(message).toMatchObject({ id: "", key: undefined, contentType: "", body: Buffer.from("??") });
    expect(message.headers).toEqual({
      text: "plain",
      number: "7",
      yes: "true",
      none: "null",
      bytes: "/wA=",
      when: '{"!":"timestamp","value":1700000000}',
      list: '[1,"two"]',
    });
    const forwarded = forwardedProperties(raw, { headers: { why: "unreadable" }, attempts: 0 });
    expect(forwarded).toMatchObject({
      replyTo: "q",
      headers: { number: 7, bytes: Buffer.from([255, 0]), why: "unreadable" },
    });
    expect(Object.keys(forwarded)).not.toContain("userId");
    expect(Object.keys(forwarded)).not.toContain("expiration");
    expect(Object.keys(forwarded.headers as object)).not.toContain("x-first-death-queue");
  });
});
