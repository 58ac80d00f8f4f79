import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign, keepOrder } from "./assignor.ts";

const CASE = fc.record({
  units: fc.integer({ min: 0, max: 12 }),
  members: fc.integer({ min: 1, max: 6 }),
  changes: fc.array(fc.oneof(fc.constant("join"), fc.constant("leave"), fc.constant("settle")), {
    maxLength: 20,
  }),
});

describe("the assignment of units", () => {
  it("never gives a unit away that another member owns, and converges to even shares", () => {
    fc.assert(
      fc.property(CASE, ({ units, members, changes }) => {
        const all = Array.from({ length: units }, (_, at) => `lane ${at}`);
        let count = 0;
        const held = new Map<string, readonly string[]>();
        const join = (): void => void held.set(`m${count++}`, []);
        for (let member = 0; member < members; member++) join();
        const round = (): void => {
          const assigned = assign(
            all,
            [...held].map(([member, mine]) => ({ member, owned: mine })),
          );
          for (const [member, mine] of assigned)
            for (const unit of mine)
              for (const [other, theirs] of held) if (other !== member) expect(theirs).not.toContain(unit);
          // Every member releases its surplus before the next round.
          for (const [member, mine] of assigned) held.set(member, mine);
        };
        for (const change of changes) {
          if (change === "join") join();
          else if (change === "leave" && held.size > 1) held.delete([...held.keys()][0] ?? "");
          round();
        }
        round();
        round();
        const sizes = [...held.values()].map((mine) => mine.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect([...held.values()].flat().toSorted()).toEqual(all.toSorted());
      }),
    );
  });

  it("moves as few units as possible", () => {
    const assigned = assign(
      ["a", "b", "c", "d"],
      [
        { member: "old", owned: ["c", "a", "b", "d"] },
        { member: "new", owned: [] },
      ],
    );
    // The busiest units come first, and idle ones are released.
    expect(assigned.get("old")).toEqual(["c", "a"]);
    expect(assigned.get("new")).toEqual([]);
  });

  it("leaves a member the units that it keeps, however busy it still is with those it releases", () => {
    const owned = keepOrder([
      { unit: "a", inFlight: 9, isLeaving: true },
      { unit: "b", inFlight: 0, isLeaving: false },
      { unit: "c", inFlight: 5, isLeaving: false },
    ]);
    expect(owned).toEqual(["c", "b", "a"]);
    const assigned = assign(
      ["a", "b", "c"],
      [{ member: "old", owned }, ...["x", "y"].map((member) => ({ member, owned: [] }))],
    );
    expect([assigned.get("old"), assigned.get("x")]).toEqual([["c"], []]);
  });

  it("takes the first of two members that report the same unit as its owner", () => {
    const assigned = assign(
      ["a"],
      [
        { member: "present", owned: ["a"] },
        { member: "past", owned: ["a"] },
      ],
    );
    expect(assigned.get("present")).toEqual(["a"]);
    expect(assigned.get("past")).toEqual([]);
  });
});
