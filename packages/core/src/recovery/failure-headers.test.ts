import { expect, it } from "vitest";
import { HEADER } from "../message/headers.ts";
import { MessagingError } from "../environment/messaging-error.ts";
import { failureHeaders } from "./failure-headers.ts";

const source = { kind: "queue", name: "orders", group: "shop", lanes: undefined } as const;
const facts = { source, lane: undefined, time: "2026-01-01T00:00:00.000Z", tries: 3 };

it("the failure headers contain the reason, the source, the time and the number of tries", () => {
  expect(failureHeaders(new Error("no stock"), facts)).toEqual({
    [HEADER.failureCode]: "handler-failed",
    [HEADER.failureMessage]: "no stock",
    [HEADER.failureTime]: facts.time,
    [HEADER.failureService]: "shop",
    [HEADER.failureTries]: "3",
    [HEADER.failureSource]: "queue:orders",
  });
  expect(failureHeaders(new Error("no stock"), { ...facts, lane: 0 })[HEADER.failureLane]).toBe("0");
  const undecodable = new MessagingError("undecodable", { what: "What.", advice: "Do." });
  expect(failureHeaders(undecodable, facts)[HEADER.failureCode]).toBe("undecodable");
});

it("the failure headers stay small and well-formed for any thrown value", () => {
  const long = failureHeaders(new Error("😀".repeat(2_000)), facts)[HEADER.failureMessage] ?? "";
  expect(long.length).toBeLessThanOrEqual(1_000);
  expect(encodeURIComponent(long)).toContain("%F0%9F%98%80"); // throws on half a character
  for (const thrown of [undefined, null, 7n, Symbol("s"), { a: 1 }, () => 1])
    expect(typeof failureHeaders(thrown, facts)[HEADER.failureMessage]).toBe("string");
});
