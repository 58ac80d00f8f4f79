import { expect, it } from "vitest";
import { Problems } from "./problems.ts";

it("reports the oldest problem until the last one is over", () => {
  const reported: (string | undefined)[] = [];
  const problems = new Problems((problem) => reported.push(problem));
  problems.set("queue", "The queue is deleted.");
  problems.set("place", "Nothing can be stored.");
  problems.clear("queue");
  problems.clear("place");
  problems.clear("place");
  expect(reported).toEqual([
    "The queue is deleted.",
    "The queue is deleted.",
    "Nothing can be stored.",
    undefined,
  ]);
});

it("keeps the first text of a problem that repeats itself", () => {
  const reported: (string | undefined)[] = [];
  const problems = new Problems((problem) => reported.push(problem));
  problems.set("place", "The message has 17 bytes.");
  problems.set("place", "The message has 18 bytes.");
  expect(reported).toEqual(["The message has 17 bytes."]);
});

it("is silent where nobody wants to know", () => {
  expect(() => new Problems().set("place", "Nothing can be stored.")).not.toThrow();
});
