import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bitsLength,
  rangesToBits,
  offsetCount,
  packRanges,
  unpackRanges,
  bitsToRanges,
  type OffsetRange,
} from "./offset-ranges.ts";

const SHAPE = fc.record({
  offset: fc.nat({ max: 2 ** 40 }),
  steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 })), {
    maxLength: 50,
  }),
});

function rangesFrom(offset: number, steps: readonly (readonly [number, number])[]): readonly OffsetRange[] {
  let at = offset;
  return steps.map(([gap, length]) => {
    const from = at + gap;
    at = from + length;
    return { from, to: at };
  });
}

describe("ranges of offsets", () => {
  it("are read as they were written, both as bits and as numbers", () => {
    fc.assert(
      fc.property(SHAPE, ({ offset, steps }) => {
        const ranges = rangesFrom(offset, steps);
        const packed = packRanges(offset, ranges, 1_000);
        expect(bitsToRanges(offset, rangesToBits(offset, ranges))).toEqual(ranges);
        expect(packed && unpackRanges(offset, packed)).toEqual(ranges);
        expect(offsetCount(ranges)).toBe(steps.reduce((sum, [, length]) => sum + length, 0));
      }),
    );
  });

  it("are cut at the limit in bytes, unless the form with bits holds all of them", () => {
    fc.assert(
      fc.property(SHAPE, fc.nat({ max: 60 }), ({ offset, steps }, most) => {
        const ranges = rangesFrom(offset, steps);
        const packed = packRanges(offset, ranges, most);
        if (packed === undefined) return expect(bitsLength(offset, ranges)).toBeLessThanOrEqual(most);
        expect(packed.length).toBeLessThanOrEqual(most);
        const left = unpackRanges(offset, packed);
        expect(left).toEqual(ranges.slice(0, left.length));
      }),
    );
  });
});
