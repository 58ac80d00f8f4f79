import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitsLength, bitsOf, lengthOf, packedRuns, runsIn, runsOfBits, type Run } from "./offset-ranges.ts";

const SHAPE = fc.record({
  offset: fc.nat({ max: 2 ** 40 }),
  steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 })), {
    maxLength: 50,
  }),
});

function runsFrom(offset: number, steps: readonly (readonly [number, number])[]): readonly Run[] {
  let at = offset;
  return steps.map(([gap, length]) => {
    const from = at + gap;
    at = from + length;
    return { from, to: at };
  });
}

describe("runs of offsets", () => {
  it("are read as they were written, as bits and as numbers", () => {
    fc.assert(
      fc.property(SHAPE, ({ offset, steps }) => {
        const runs = runsFrom(offset, steps);
        const batchByPartition = packedRuns(offset, runs, 1_000);
        expect(runsOfBits(offset, bitsOf(offset, runs))).toEqual(runs);
        expect(batchByPartition && runsIn(offset, batchByPartition)).toEqual(runs);
        expect(lengthOf(runs)).toBe(steps.reduce((sum, [, length]) => sum + length, 0));
      }),
    );
  });

  it("lose their end where there is no room for all, unless bits have room for it", () => {
    fc.assert(
      fc.property(SHAPE, fc.nat({ max: 60 }), ({ offset, steps }, most) => {
        const runs = runsFrom(offset, steps);
        const batchByPartition = packedRuns(offset, runs, most);
        if (batchByPartition === undefined) return expect(bitsLength(offset, runs)).toBeLessThanOrEqual(most);
        expect(batchByPartition.length).toBeLessThanOrEqual(most);
        const left = runsIn(offset, batchByPartition);
        expect(left).toEqual(runs.slice(0, left.length));
      }),
    );
  });
});
