import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SPAN, readProgress, taken, timesLost, writeProgress } from "./progress.ts";

/** As Kafka is delivered (`offset.metadata.max.bytes`). */
const MOST_BYTES = 4_096;

const PROGRESS = fc
  .record({
    offset: fc.nat({ max: 2 ** 40 }),
    gaps: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 100 }),
    window: fc.nat({ max: 10_000 }),
    steps: fc.array(fc.record({ above: fc.integer({ min: 1, max: 500 }), times: fc.nat({ max: 9 }) }), {
      maxLength: 20,
    }),
  })
  .map(({ offset, gaps, window, steps }) => {
    let at = offset;
    const done = gaps.map((gap) => (at += gap));
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

  it("fits a commit, however far apart what is done lies", () => {
    const losses = Array.from({ length: 20 }, (_, at) => ({ below: SPAN * 2 + at, times: 99 }));
    const text = writeProgress({ offset: 1, done: [SPAN + 1], losses, window: 100_000 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
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
        const mayHaveHad = distance < progress.done.length + window;
        const before = timesLost(progress.losses, offset);
        if (mayHaveHad) expect(timesLost(after.losses, offset)).toBe(before + 1);
      }),
    );
  });
});
