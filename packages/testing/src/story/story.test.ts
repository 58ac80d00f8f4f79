import { expect, it } from "vitest";
import { storyOf } from "./story.ts";
import type { TimelineEntry } from "./timeline.ts";

function entry(at: number, text: string, who = "app/1"): TimelineEntry {
  return { step: at, at, who, what: "notes", message: undefined, service: undefined, text };
}

it("has one aligned line for each event, without acknowledgements", () => {
  const settled = { ...entry(5, "settles"), what: "settled" } as const;
  expect(storyOf([entry(0, "starts", "client"), settled, entry(1_500, "goes on")])).toEqual([
    " 0 ms  client  starts",
    "1.5 s  app/1   goes on",
  ]);
});

it("shows repeated events once, with their number and end", () => {
  const asks = Array.from({ length: 1_000 }, (_, n) => entry(n * 60, "asks for the lock"));
  expect(storyOf([entry(0, "begins"), ...asks, entry(60_000, "gives up")])).toEqual([
    " 0 ms  app/1  begins",
    " 0 ms  app/1  asks for the lock (999 more times until 59.94 s)",
    "1 min  app/1  gives up",
  ]);
  expect(storyOf([1, 2, 3].map((at) => entry(at, "twice more")))).toHaveLength(3);
});

it("shows the beginning and the end of a long run", () => {
  const story = storyOf(Array.from({ length: 1_000 }, (_, n) => entry(n, `does ${n}`)));
  expect(story).toHaveLength(161);
  expect(story[0]).toContain("does 0");
  expect(story[80]).toBe("(840 lines omitted)");
  expect(story.at(-1)).toContain("does 999");
});
