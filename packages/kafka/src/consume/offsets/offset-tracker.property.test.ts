import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OffsetTracker, type Entry } from "./offset-tracker.ts";
import { MOST_GAPS, SPAN, readCommit, writeMetadata } from "./commit-metadata.ts";
import type { OffsetRange } from "./offset-ranges.ts";
import type { RawRecord } from "../../connection/protocol/records/record.ts";

function recordAt(offset: number): RawRecord {
  return {
    offset,
    timestamp: 0,
    key: null,
    value: Buffer.from("x"),
    headers: [],
  };
}

function offsetsIn({ from, to }: OffsetRange): readonly number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

const STEPS = fc.array(
  fc.oneof(
    fc.record({ fetch: fc.integer({ min: 1, max: 8 }), gap: fc.nat({ max: 3 }) }),
    fc.constant("take" as const),
    fc.record({ settle: fc.nat() }),
    fc.record({ release: fc.nat() }),
  ),
  { maxLength: 80 },
);

describe("an offset tracker", () => {
  it("returns records in order, takes settlements in any order, and never commits beyond an unsettled record", () => {
    fc.assert(
      fc.property(STEPS, (steps) => {
        const tracker = new OffsetTracker({ offset: 5, settled: [], losses: [], window: 0 });
        const waiting = new Set<number>();
        const inFlight: Entry[] = [];
        for (const step of steps) {
          if (step === "take") {
            const entry = tracker.take();
            const first = Math.min(...waiting);
            expect(entry?.offset).toBe(waiting.size === 0 ? undefined : first);
            if (entry === undefined) continue;
            waiting.delete(entry.offset);
            inFlight.push(entry);
          } else if ("fetch" in step) {
            const from = tracker.next + step.gap;
            const offsets = Array.from({ length: step.fetch }, (_, at) => from + at);
            tracker.add(offsets.map(recordAt), from + step.fetch);
            for (const offset of offsets) waiting.add(offset);
          } else {
            const at = "settle" in step ? step.settle : step.release;
            const [entry] = inFlight.splice(at % Math.max(1, inFlight.length), 1);
            if (entry === undefined) continue;
            if ("settle" in step) tracker.settle(entry);
            else {
              tracker.release(entry);
              waiting.add(entry.offset);
            }
          }
          const unsettled = [...waiting, ...inFlight.map(({ offset }) => offset)];
          const { offset, settled } = tracker.commitState(1);
          expect(offset).toBe(Math.min(tracker.next, ...unsettled));
          const above = Array.from({ length: tracker.next - offset }, (_, at) => offset + at);
          expect(settled.flatMap(offsetsIn)).toEqual(above.filter((each) => !unsettled.includes(each)));
          expect(tracker.inFlight).toBe(inFlight.length);
          expect(tracker.waiting).toBe(waiting.size);
        }
        // The next owner gets exactly the records that were not settled.
        const { offset } = tracker;
        const next = new OffsetTracker(readCommit(offset, writeMetadata(tracker.commitState(0))));
        const left = new Set([...waiting, ...inFlight.map((entry) => entry.offset)]);
        while (next.next < tracker.next) next.add([recordAt(next.next)], next.next + 1);
        for (let entry = next.take(); entry !== undefined; entry = next.take())
          expect(left.delete(entry.offset)).toBe(true);
        expect(left.size).toBe(0);
      }),
    );
  });

  it("skips records that the last owner settled, and counts the ones that were lost with it", () => {
    const tracker = new OffsetTracker({
      offset: 10,
      settled: [
        { from: 11, to: 12 },
        { from: 13, to: 14 },
      ],
      losses: [{ below: 13, times: 2 }],
      window: 0,
    });
    tracker.add([10, 11, 12, 13, 14].map(recordAt), 15);
    const taken = [tracker.take(), tracker.take(), tracker.take(), tracker.take()];
    expect(taken.map((entry) => entry && [entry.offset, entry.lostDeliveries])).toEqual([
      [10, 2],
      [12, 2],
      [14, 0],
      undefined,
    ]);
  });

  it("keeps reading behind a record that stays unsettled, while such records are few, and skips settled ranges", () => {
    const tracker = new OffsetTracker({ offset: 0, settled: [], losses: [], window: 0 });
    tracker.add([recordAt(0)], 1);
    tracker.take();
    for (let from = 1; from < 3 * SPAN; from += 100) {
      expect(tracker.canFetch).toBe(true);
      tracker.add(
        Array.from({ length: 100 }, (_, at) => recordAt(from + at)),
        from + 100,
      );
      for (let entry = tracker.take(); entry !== undefined; entry = tracker.take()) tracker.settle(entry);
    }
    const state = tracker.commitState(0);
    expect(state).toMatchObject({ offset: 0, settled: [{ from: 1, to: tracker.next }] });
    const next = new OffsetTracker(readCommit(0, writeMetadata(state)));
    next.add([0, 1, 2].map(recordAt), 3);
    expect([next.take()?.offset, next.take(), next.next]).toEqual([0, undefined, tracker.next]);
  });

  it("stops reading when many records are unsettled and a commit could not hold further settled ranges", () => {
    const tracker = new OffsetTracker({ offset: 0, settled: [], losses: [], window: 0 });
    for (let from = 0; from < SPAN; from += 100) {
      expect(tracker.canFetch).toBe(true);
      tracker.add(
        Array.from({ length: 100 }, (_, at) => recordAt(from + at)),
        from + 100,
      );
      for (let entry = tracker.take(); entry !== undefined; entry = tracker.take())
        if (entry.offset > MOST_GAPS) tracker.settle(entry);
    }
    expect([tracker.canFetch, tracker.isBlocked]).toEqual([false, true]);
  });

  it("keeps the count of lost deliveries for the next owner", () => {
    const tracker = new OffsetTracker({ offset: 0, settled: [], losses: [], window: 0 });
    tracker.add([0, 1, 2].map(recordAt), 3);
    tracker.take();
    const second = tracker.take();
    if (second === undefined) throw new Error("no record was returned");
    second.lostDeliveries = 3;
    tracker.release(second);
    const next = new OffsetTracker(tracker.commitState(0));
    next.add([0, 1, 2].map(recordAt), 3);
    expect([next.take(), next.take(), next.take()].map((entry) => entry?.lostDeliveries)).toEqual([0, 3, 0]);
  });
});
