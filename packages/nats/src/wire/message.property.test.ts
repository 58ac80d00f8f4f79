import type { Msg } from "@nats-io/transport-node";
import fc from "fast-check";
import { NO_HEADERS, type WireMessage } from "@waybill/core/transport";
import { describe, expect, it } from "vitest";
import { headerBlock, headerProblem, readMessage } from "./message.ts";

const TEXT = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("", " padded ", "\r\nNats-Msg-Id: forged", "\u0000", "=?waybill?%41", "=?waybill?%", "ä€𝄞"),
);
const NAME = fc.oneof(
  fc.stringMatching(/^[!-9;-~]{1,30}$/),
  fc.constantFrom(
    "Nats-Msg-Id",
    "nats-x",
    "__proto__",
    "%",
    "%Nats-TTL",
    "waybill-id",
    "WAYBILL-DUE",
    "constructor",
  ),
);
const HEADERS = fc.oneof(
  fc.constant(NO_HEADERS),
  fc
    .array(fc.tuple(NAME, TEXT), { maxLength: 8 })
    .map((pairs): Record<string, string> => Object.fromEntries(pairs)),
);

const MESSAGE: fc.Arbitrary<WireMessage> = fc.record({
  id: TEXT.filter((id) => id !== ""),
  destination: fc.constant({ kind: "queue", name: "shop" } as const),
  type: fc.constant(undefined),
  correlationId: fc.constant(undefined),
  key: fc.option(TEXT, { nil: undefined }),
  lane: fc.option(fc.nat(), { nil: undefined }),
  deliverAt: fc.constant(undefined),
  contentType: fc.constantFrom("", "application/json", "text/plain; charset=utf-8"),
  headers: HEADERS,
  body: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
});

const SUBJECT = "waybill.queue.-.shop";
const REPLY = "$JS.ACK.queue-shop.owner.1.2.3.4.5";

/** Returns a message as the client delivers it: one buffer, with the headers in front of the body. */
function delivered(head: Uint8Array, body: Uint8Array): Msg {
  const whole = Buffer.concat([Buffer.from("before"), head, body]);
  const size = SUBJECT.length + REPLY.length + head.length + body.length;
  return {
    subject: SUBJECT,
    reply: REPLY,
    data: whole.subarray(6 + head.length),
    size: () => size,
  } as unknown as Msg;
}

describe("a message on the wire", () => {
  it("is decoded as it was encoded, with any text in its id, key and headers, also with header names of the server", () => {
    fc.assert(
      fc.property(MESSAGE, (message) => {
        const msg = delivered(headerBlock(message), message.body);
        expect(readMessage(msg, { ...message, now: 0 })).toEqual({
          message: wellFormed(message),
          due: undefined,
          attempts: 0,
        });
      }),
    );
  });

  it("keeps its id when it is forwarded under another deduplication id, with attempts, a due time and new headers", () => {
    fc.assert(
      fc.property(MESSAGE, HEADERS, fc.integer({ min: 1 }), (message, headers, due) => {
        const msg = delivered(
          headerBlock(message, { dedupId: "forwarded", due, attempts: 3, headers }),
          message.body,
        );
        const again = readMessage(msg, { ...message, now: 0 });
        expect([again.due, again.attempts]).toEqual([due, 3]);
        expect(again.message).toEqual(
          wellFormed({ ...message, headers: { ...message.headers, ...headers } }),
        );
      }),
    );
  });

  it("from a foreign client is decoded without an error: no headers, odd lines, repeated headers, invalid escapes", () => {
    const where = { destination: { kind: "queue", name: "shop" }, lane: undefined, now: 0 } as const;
    const bare = readMessage(delivered(Buffer.alloc(0), Buffer.from("??")), where).message;
    expect(bare).toMatchObject({ id: "", key: undefined, contentType: "", body: Buffer.from("??") });
    expect(bare.headers).toBe(NO_HEADERS);
    const odd =
      "NATS/1.0\r\nno colon\r\n: no name\r\nmy name:x\r\nlist: a\r\nlist: b\r\ncontent-type: text/plain\r\nbad: =?waybill?%\r\nNats-Stream: s\r\nwaybill-due: soon\r\n\r\n";
    const { message, due } = readMessage(delivered(Buffer.from(odd), Buffer.alloc(0)), where);
    expect(due).toBeUndefined();
    expect(message.contentType).toBe("text/plain");
    expect(message.headers).toEqual({ "my name": "x", list: "a, b", bad: "=?waybill?%" });
  });

  it("ignores an invalid attempt or due time from a foreign client", () => {
    const where = { destination: { kind: "queue", name: "shop" }, lane: undefined, now: 1_000 } as const;
    for (const value of [
      "-1",
      "1e3",
      "0x10",
      "1.5",
      "9007199254740991",
      "9007199254740993",
      "1e309",
      "NaN",
      " ",
      "",
    ]) {
      const block = Buffer.from(`NATS/1.0\r\nwaybill-due: ${value}\r\nwaybill-attempt: ${value}\r\n\r\n`);
      expect(readMessage(delivered(block, Buffer.alloc(0)), where)).toMatchObject({
        due: undefined,
        attempts: 0,
      });
    }
  });

  it("refuses a header name that would break the block", () => {
    expect(headerProblem({ "fine-name": "any value" })).toBeUndefined();
    for (const name of ["a b", "a:b", "", "ä", "a\r\nb"])
      expect(headerProblem({ [name]: "x" })).toContain("header name");
  });
});

/** UTF-8 has no lone surrogates. */
function wellFormed(message: WireMessage): WireMessage {
  const text = (value: string): string => Buffer.from(value).toString();
  const headers = Object.entries(message.headers).map(([name, value]) => [name, text(value)] as const);
  return {
    ...message,
    id: text(message.id),
    key: message.key === undefined ? undefined : text(message.key),
    headers: Object.fromEntries(headers),
  };
}
