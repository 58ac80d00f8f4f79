import { expect, it } from "vitest";
import { Problems } from "./problems.ts";

it("reports the oldest problem until the last one is over", () => {
  const reported: (string | undefined)[] = [];
  const problems = new Problems((problem) => reported.push(problem));
  problems.set("queue", "The queue is deleted.");
  problems.set("destination", "Nothing can be stored.");
  problems.clear("queue");
  problems.clear("destination");
  problems.clear("destination");
  expect(reported).toEqual([
    "The queue is deleted.",
    "The queue is deleted.",
    "Nothing can be stored.",
    undefined,
  ]);
});

it("reports the first text of a repeated problem once", () => {
  const reported: (string | undefined)[] = [];
  const problems = new Problems((problem) => reported.push(problem));
  problems.set("destination", "The message has 17 bytes.");
  problems.set("destination", "The message has 18 bytes.");
  expect(reported).toEqual(["The message has 17 bytes."]);
});

it("does nothing without a callback", () => {
  expect(() => new Problems().set("destination", "Nothing can be stored.")).not.toThrow();
});
