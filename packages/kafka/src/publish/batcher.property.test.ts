import fc from "fast-check";
import { expect, it } from "vitest";
import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { sleep } from "@waybill/core/transport-kit";
import { createBatcher } from "./batcher.ts";

const runs = fc.record({
  most: fc.integer({ min: 1, max: 8 }),
  capacity: fc.integer({ min: 1, max: 20 }),
  /** The arrival times of items, and the duration of each batch. */
  arrivals: fc.array(fc.nat(30), { maxLength: 60 }),
  takes: fc.integer({ min: 0, max: 10 }),
  rejects: fc.nat(5),
});

it("keeps the order and the limits, has one batch in flight, answers every item, and adds no delay when idle", async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ most, capacity, arrivals, takes, rejects }) => {
      const clock = new VirtualClock();
      const flushed: number[] = [];
      let inFlight = 0;
      let batches = 0;
      const batcher = createBatcher<number, string>({
        most,
        capacity,
        overflow: () => "overflow",
        failed: (cause, item) => `failed ${item}: ${String(cause)}`,
        async flush(items) {
          expect(++inFlight).toBe(1);
          expect(items.length).toBeLessThanOrEqual(most);
          expect(batcher.waiting).toBeLessThanOrEqual(capacity);
          flushed.push(...items);
          await sleep(clock, takes);
          inFlight -= 1;
          if (++batches === rejects) throw new Error("no");
          return items.map((item) => `done ${item}`);
        },
      });
      const sorted = arrivals.toSorted((a, b) => a - b);
      const results: Promise<string>[] = [];
      for (const [item, at] of sorted.entries())
        clock.schedule(at, () => void (results[item] = batcher.add(item)));
      await clock.advance(1_000);
      await batcher.idle();
      const answers = await Promise.all(results);
      expect(flushed).toEqual(flushed.toSorted((a, b) => a - b));
      expect(
        answers
          .map((answer, item) => (answer === "overflow" ? undefined : item))
          .filter((item) => item !== undefined),
      ).toEqual(flushed);
      for (const [item, answer] of answers.entries())
        expect(["overflow", `done ${item}`, `failed ${item}: Error: no`]).toContain(answer);
      if (rejects === 0) expect(answers.filter((answer) => answer.startsWith("failed"))).toEqual([]);
      expect(batcher.waiting).toBe(0);
    }),
  );
});

it("forms one batch of items added in one go, and one of items that arrive while a batch is in flight", async () => {
  const sizes: number[] = [];
  const batcher = createBatcher<number, number>({
    most: 100,
    capacity: 100,
    overflow: () => -1,
    failed: () => -2,
    flush: async (items) => {
      sizes.push(items.length);
      await Promise.resolve();
      return items;
    },
  });
  const first = batcher.addAll([1, 2, 3]);
  await Promise.resolve();
  const second = batcher.addAll([4, 5]);
  expect(await first).toEqual([1, 2, 3]);
  expect(await second).toEqual([4, 5]);
  expect(sizes).toEqual([3, 2]);
});

it("fails the items of a batch that gets a wrong number of results, and carries out the next batch", async () => {
  let isWrong = true;
  const batcher = createBatcher<number, string>({
    most: 10,
    capacity: 10,
    overflow: () => "overflow",
    failed: (cause) => String(cause),
    flush: (items) => Promise.resolve(isWrong ? ["only one"] : items.map(String)),
  });
  expect(await batcher.addAll([1, 2])).toEqual(
    Array(2).fill(expect.stringContaining("a wrong number of results")),
  );
  isWrong = false;
  expect(await batcher.add(3)).toBe("3");
});
