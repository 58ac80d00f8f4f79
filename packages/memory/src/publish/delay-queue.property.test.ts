import { VirtualClock } from "@waybill/core/transport-kit/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { DelayQueue } from "./delay-queue.ts";

it("returns every item when it is due, by time and then by arrival, with at most one timer", async () => {
  const arrivals = fc.array(fc.record({ at: fc.nat(50), due: fc.nat(60) }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(arrivals, async (all) => {
      const clock = new VirtualClock(0);
      const rung: { at: number; item: number }[] = [];
      const queue = new DelayQueue<number>(clock, (item) => void rung.push({ at: clock.now(), item }));
      const sorted = all.toSorted((a, b) => a.at - b.at);
      let now = 0;
      for (const [item, { at, due }] of sorted.entries()) {
        await clock.advance(at - now);
        now = at;
        queue.add(at + due, item);
        expect(clock.pending).toBeLessThanOrEqual(1);
      }
      await clock.advance(200);
      expect(queue.size).toBe(0);
      expect(clock.pending).toBe(0);
      expect(rung).toHaveLength(sorted.length);
      for (const { at, item } of rung) expect(at).toBe((sorted[item]?.at ?? 0) + (sorted[item]?.due ?? 0));
      for (const [index, { at, item }] of rung.entries()) {
        const next = rung[index + 1];
        if (next !== undefined) expect(at < next.at || (at === next.at && item < next.item)).toBe(true);
      }
    }),
  );
});
