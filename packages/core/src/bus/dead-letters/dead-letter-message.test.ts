import { expect, it } from "vitest";
import { utf8 } from "../../runtime/bytes.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { parseDeadLetter } from "./dead-letter-message.ts";

const EVENT = { specversion: "1.0", id: "1", source: "shop", type: "shop.placed" };
const letter = (message: Partial<WireMessage>): WireMessage => ({
  id: "1",
  destination: { kind: "queue", name: "shop.place" },
  body: utf8(JSON.stringify({ ...EVENT, data: { n: 1 } })),
  contentType: "application/cloudevents+json",
  headers: {},
  type: undefined,
  correlationId: undefined,
  key: undefined,
  lane: undefined,
  deliverAt: undefined,
  ...message,
});

it("a dead letter has its type, also when the broker does not store the type", () => {
  expect(parseDeadLetter(letter({})).type).toBe("shop.placed");
  expect(parseDeadLetter(letter({ type: "told" })).type).toBe("told");
  const headers = { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "shop", "ce-type": "shop.placed" };
  const binary = letter({ body: utf8("{}"), contentType: "application/json", headers });
  expect(parseDeadLetter(binary).type).toBe("shop.placed");
});

it("an unreadable or plain dead letter has no type", () => {
  for (const body of ["", "no json", "{}"])
    expect(parseDeadLetter(letter({ body: utf8(body) })).type).toBeUndefined();
  expect(parseDeadLetter(letter({ contentType: "application/json" })).type).toBeUndefined();
});
