import { expect, it } from "vitest";
import type { Envelope } from "../message/envelope.ts";
import { decodeStructured, encodeStructured } from "./cloudevents-structured.ts";

const attributes = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, at]));

const envelope = (extensions: Envelope["extensions"]): Envelope => ({
  id: "1",
  source: "s",
  type: "t",
  time: undefined,
  correlationId: undefined,
  causationId: undefined,
  partitionKey: undefined,
  replyTo: undefined,
  extensions,
  data: undefined,
});

const body = (count: number): Uint8Array =>
  Buffer.from(JSON.stringify({ specversion: "1.0", id: "1", source: "s", type: "t", ...attributes(count) }));

it("1,000 extensions are written and read", () => {
  const written = encodeStructured(envelope(attributes(1_000)));
  expect(Object.keys(decodeStructured(written.body, () => undefined).extensions)).toHaveLength(1_000);
});

it("more than 1,000 extensions are refused, by sender and by receiver", () => {
  expect(() => encodeStructured(envelope(attributes(1_001)))).toThrow(
    expect.objectContaining({ code: "not-serializable" }),
  );
  expect(() => decodeStructured(body(200_000), () => undefined)).toThrow(
    expect.objectContaining({ code: "undecodable" }),
  );
});
