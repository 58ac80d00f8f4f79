import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MOST_GAPS, SPAN, readCommit, takenOver, timesLost, writeMetadata } from "./commit-metadata.ts";
import { offsetCount } from "./offset-ranges.ts";

/** The default of Kafka (`offset.metadata.max.bytes`). */
const MOST_BYTES = 4_096;

const PROGRESS = fc
  .record({
    offset: fc.nat({ max: 2 ** 40 }),
    gaps: fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 })), {
      maxLength: 100,
    }),
    window: fc.nat({ max: 10_000 }),
    steps: fc.array(fc.record({ above: fc.integer({ min: 1, max: 500 }), times: fc.nat({ max: 9 }) }), {
      maxLength: 20,
    }),
  })
  .map(({ offset, gaps, window, steps }) => {
    let at = offset;
    const done = gaps.map(([gap, length]) => {
      const from = at + gap;
      at = from + length;
      return { from, to: at };
    });
    let below = offset;
    return {
      offset,
      settled: done,
      window,
      losses: steps.map(({ above, times }) => ({ below: (below += above), times })),
    };
  });

describe("the metadata of a commit", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(PROGRESS, (state) => {
        expect(readCommit(state.offset, writeMetadata(state))).toEqual(state);
      }),
    );
  });

  it("fits a commit and is complete for any settled ranges within the span", () => {
    const losses = Array.from({ length: 20 }, (_, at) => ({ below: SPAN + at, times: 99 }));
    const done = Array.from({ length: SPAN / 2 }, (_, at) => ({ from: 2 * at + 2, to: 2 * at + 3 }));
    const text = writeMetadata({ offset: 1, settled: done, losses, window: 100_000 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
    expect(readCommit(1, text).settled).toEqual(done);
  });

  it("fits a commit and is complete for settled ranges at any distance, while the gaps are few", () => {
    const losses = Array.from({ length: 20 }, (_, at) => ({ below: 1_000_000_000 + at, times: 99 }));
    const done = Array.from({ length: MOST_GAPS }, (_, at) => ({
      from: 1_000_000 * at + 2,
      to: 1_000_000 * (at + 1),
    }));
    const text = writeMetadata({ offset: 1, settled: done, losses, window: 100_000 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
    expect(readCommit(1, text).settled).toEqual(done);
  });

  it("fits a commit and leaves out the last settled ranges when they are too many", () => {
    const done = Array.from({ length: 9_000 }, (_, at) => ({ from: 1_000 * at + 2, to: 1_000 * at + 5 }));
    const text = writeMetadata({ offset: 1, settled: done, losses: [], window: 1 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
    const read = readCommit(1, text).settled;
    expect(read.length).toBeGreaterThan(500);
    expect(read).toEqual(done.slice(0, read.length));
  });

  it("is ignored when another client wrote it", () => {
    for (const metadata of [null, "", "w1", "w1;x;;", "something else"])
      expect(readCommit(7, metadata)).toEqual({ offset: 7, settled: [], losses: [], window: 0 });
  });

  it("counts no loss after an owner that has given the partition up", () => {
    fc.assert(
      fc.property(PROGRESS, (state) => {
        const { losses, settled } = takenOver({ ...state, window: 0 });
        expect({ losses, settled }).toEqual({ losses: state.losses, settled: state.settled });
      }),
    );
  });

  it("counts one more loss for each message that a vanished owner may have had in flight", () => {
    fc.assert(
      fc.property(PROGRESS, fc.nat({ max: 200 }), (state, distance) => {
        const window = state.window + 1;
        const after = takenOver({ ...state, window });
        const offset = state.offset + distance;
        const mayHaveHad = distance < offsetCount(state.settled) + window;
        const before = timesLost(state.losses, offset);
        if (mayHaveHad) expect(timesLost(after.losses, offset)).toBe(before + 1);
      }),
    );
  });
});
