import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMessagingError } from "../environment/messaging-error.ts";
import { BINARY_PREFIX } from "../message/headers.ts";
import { encodeBinary } from "./cloudevents-binary.ts";

/** Any code units, lone surrogates too. */
const TEXT = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xff_ff }), fc.integer({ min: 0xd8_00, max: 0xdf_ff })), {
    maxLength: 6,
  })
  .map((units) => String.fromCharCode(...units));

const envelope = (text: string): Parameters<typeof encodeBinary>[0] => ({
  id: text,
  source: "/here",
  type: "a.b",
  time: "2026-01-01T00:00:00.000Z",
  correlationId: "c",
  causationId: undefined,
  partitionKey: text,
  replyTo: undefined,
  extensions: { note: text },
  data: undefined,
});

describe("attributes in headers", () => {
  it("arrive unchanged or are refused; they never arrive as another text", () => {
    let refused = 0;
    fc.assert(
      fc.property(TEXT, (text) => {
        let headers: Readonly<Record<string, string>>;
        try {
          ({ headers } = encodeBinary(envelope(text), undefined));
        } catch (error) {
          refused += 1;
          expect(isMessagingError(error) && error.code).toBe("not-serializable");
          expect(Buffer.from(text).toString()).not.toBe(text);
          return;
        }
        for (const name of ["id", "partitionkey", "note"])
          expect(Buffer.from(headers[BINARY_PREFIX + name] ?? "").toString()).toBe(text);
      }),
    );
    expect(refused).toBeGreaterThan(0);
  });
});
