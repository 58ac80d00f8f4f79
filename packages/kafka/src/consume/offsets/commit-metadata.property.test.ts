import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MOST_GAPS, SPAN, readProgress, taken, timesLost, writeProgress } from "./commit-metadata.ts";
import { lengthOf } from "./offset-ranges.ts";

/** As Kafka is delivered (`offset.metadata.max.bytes`). */
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
      done,
      window,
      losses: steps.map(({ above, times }) => ({ below: (below += above), times })),
    };
  });

describe("the progress of a group", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(PROGRESS, (progress) => {
        expect(readProgress(progress.offset, writeProgress(progress))).toEqual(progress);
      }),
    );
  });

  it("fits a commit and is whole, however what is done lies within its span", () => {
    const losses = Array.from({ length: 20 }, (_, at) => ({ below: SPAN + at, times: 99 }));
    const done = Array.from({ length: SPAN / 2 }, (_, at) => ({ from: 2 * at + 2, to: 2 * at + 3 }));
    const text = writeProgress({ offset: 1, done, losses, window: 100_000 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
    expect(readProgress(1, text).done).toEqual(done);
  });

  it("fits a commit and is whole, however far apart what is done lies, while the gaps are few", () => {
    const losses = Array.from({ length: 20 }, (_, at) => ({ below: 1_000_000_000 + at, times: 99 }));
    const done = Array.from({ length: MOST_GAPS }, (_, at) => ({
      from: 1_000_000 * at + 2,
      to: 1_000_000 * (at + 1),
    }));
    const text = writeProgress({ offset: 1, done, losses, window: 100_000 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
    expect(readProgress(1, text).done).toEqual(done);
  });

  it("fits a commit and says too little rather than too much, where it is neither", () => {
    const done = Array.from({ length: 9_000 }, (_, at) => ({ from: 1_000 * at + 2, to: 1_000 * at + 5 }));
    const text = writeProgress({ offset: 1, done, losses: [], window: 1 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
    const read = readProgress(1, text).done;
    expect(read.length).toBeGreaterThan(500);
    expect(read).toEqual(done.slice(0, read.length));
  });

  it("is nothing but the offset where others wrote the metadata", () => {
    for (const metadata of [null, "", "w1", "w1;x;;", "something else"])
      expect(readProgress(7, metadata)).toEqual({ offset: 7, done: [], losses: [], window: 0 });
  });

  it("counts no loss after an owner that let go", () => {
    fc.assert(
      fc.property(PROGRESS, (progress) => {
        const { losses, done } = taken({ ...progress, window: 0 });
        expect({ losses, done }).toEqual({ losses: progress.losses, done: progress.done });
      }),
    );
  });

  it("counts one loss more for all that an owner without a goodbye may have had", () => {
    fc.assert(
      fc.property(PROGRESS, fc.nat({ max: 200 }), (progress, distance) => {
        const window = progress.window + 1;
        const after = taken({ ...progress, window });
        const offset = progress.offset + distance;
        const mayHaveHad = distance < lengthOf(progress.done) + window;
        const before = timesLost(progress.losses, offset);
        if (mayHaveHad) expect(timesLost(after.losses, offset)).toBe(before + 1);
      }),
    );
  });
});
