import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RawRecord } from "./driver/protocol.ts";
import { Ledger, type Entry } from "./ledger.ts";

function recordAt(offset: number): RawRecord {
  return {
    offset,
    timestamp: 0,
    key: null,
    value: Buffer.from("x"),
    headers: [],
  };
}

const STEPS = fc.array(
  fc.oneof(
    fc.record({ fetch: fc.integer({ min: 1, max: 8 }), gap: fc.nat({ max: 3 }) }),
    fc.constant("take" as const),
    fc.record({ settle: fc.nat() }),
    fc.record({ giveBack: fc.nat() }),
  ),
  { maxLength: 80 },
);

describe("a ledger", () => {
  it("hands out in order, takes answers in any order, and never passes what is unsettled", () => {
    fc.assert(
      fc.property(STEPS, (steps) => {
        const ledger = new Ledger({ offset: 5, done: [], losses: [], window: 0 });
        const waiting = new Set<number>();
        const settled = new Set<number>();
        const running: Entry[] = [];
        for (const step of steps) {
          if (step === "take") {
            const entry = ledger.take();
            const first = Math.min(...waiting);
            expect(entry?.offset).toBe(waiting.size === 0 ? undefined : first);
            if (entry === undefined) continue;
            waiting.delete(entry.offset);
            running.push(entry);
          } else if ("fetch" in step) {
            const from = ledger.next + step.gap;
            const offsets = Array.from({ length: step.fetch }, (_, at) => from + at);
            ledger.add(offsets.map(recordAt), from + step.fetch);
            for (const offset of offsets) waiting.add(offset);
          } else {
            const at = "settle" in step ? step.settle : step.giveBack;
            const [entry] = running.splice(at % Math.max(1, running.length), 1);
            if (entry === undefined) continue;
            if ("settle" in step) {
              ledger.settle(entry);
              settled.add(entry.offset);
            } else {
              ledger.giveBack(entry);
              waiting.add(entry.offset);
            }
          }
          const open = [...waiting, ...running.map(({ offset }) => offset)];
          const { offset, done } = ledger.progress(1);
          expect(offset).toBe(Math.min(ledger.next, ...open));
          expect(done).toEqual([...settled].filter((each) => each > offset).toSorted((a, b) => a - b));
          expect(ledger.running).toBe(running.length);
          expect(ledger.waiting).toBe(waiting.size);
        }
      }),
    );
  });

  it("skips what the last owner had settled, and counts what it had lost", () => {
    const ledger = new Ledger({
      offset: 10,
      done: [11, 13],
      losses: [{ below: 13, times: 2 }],
      window: 0,
    });
    ledger.add([10, 11, 12, 13, 14].map(recordAt), 15);
    const taken = [ledger.take(), ledger.take(), ledger.take(), ledger.take()];
    expect(taken.map((entry) => entry && [entry.offset, entry.vain])).toEqual([
      [10, 2],
      [12, 2],
      [14, 0],
      undefined,
    ]);
  });

  it("keeps the count of deliveries in vain for the next owner", () => {
    const ledger = new Ledger({ offset: 0, done: [], losses: [], window: 0 });
    ledger.add([0, 1, 2].map(recordAt), 3);
    ledger.take();
    const second = ledger.take();
    if (second === undefined) throw new Error("nothing was handed out");
    second.vain = 3;
    ledger.giveBack(second);
    const next = new Ledger(ledger.progress(0));
    next.add([0, 1, 2].map(recordAt), 3);
    expect([next.take(), next.take(), next.take()].map((entry) => entry?.vain)).toEqual([0, 3, 0]);
  });
});
