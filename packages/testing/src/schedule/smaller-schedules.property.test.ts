import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ScheduleArbitrary } from "./schedule-arbitrary.ts";
import type { Schedule } from "./schedule.ts";
import { smallerSchedules } from "./smaller-schedules.ts";

const anySchedule = new ScheduleArbitrary({ weights: { crash: 2, duplicate: 1 }, mostFaults: 3 });

/** Returns a size that decreases with every shrink, so that shrinking ends. */
function sizeOf({ faults, choices }: Schedule): readonly number[] {
  const sum = (values: Iterable<number>): number => [...values].reduce((all, one) => all + one, 0);
  return [
    faults.length,
    sum(choices),
    choices.length,
    sum(faults.flatMap(({ skips, pick }) => [skips, pick])),
  ];
}

function isBelow(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}

describe("smallerSchedules", () => {
  it("yields only smaller schedules", () => {
    fc.assert(
      fc.property(anySchedule, (schedule) => {
        let seen = 0;
        for (const smaller of smallerSchedules(schedule)) {
          expect(isBelow(sizeOf(smaller), sizeOf(schedule))).toBe(true);
          if (++seen > 50) break;
        }
      }),
    );
  });

  it("shrinks any schedule to the one fault that matters", () => {
    const result = fc.check(
      fc.property(
        anySchedule,
        ({ faults }) => !faults.some(({ name, skips }) => name === "crash" && skips >= 3),
      ),
      { numRuns: 2_000, seed: 5 },
    );
    expect(result.failed).toBe(true);
    const [smallest] = result.counterexample ?? [];
    expect(smallest).toMatchObject({ faults: [{ name: "crash", skips: 3, pick: 0 }] });
    expect(smallest?.choices).toHaveLength(0);
  });

  it("shrinks any schedule to the one choice that matters", () => {
    const result = fc.check(
      fc.property(anySchedule, ({ choices }) => (choices[9] ?? 0) < 100),
      { numRuns: 2_000, seed: 5 },
    );
    const [smallest] = result.counterexample ?? [];
    expect(smallest?.faults).toEqual([]);
    expect([...(smallest?.choices ?? [])].filter((choice) => choice !== 0)).toHaveLength(1);
  });
});
