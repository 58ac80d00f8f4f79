import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign, claimed } from "./assignor.ts";

const CASE = fc.record({
  units: fc.integer({ min: 0, max: 12 }),
  members: fc.integer({ min: 1, max: 6 }),
  changes: fc.array(fc.oneof(fc.constant("join"), fc.constant("leave"), fc.constant("settle")), {
    maxLength: 20,
  }),
});

describe("how members divide", () => {
  it("never gives away what somebody holds, and comes to even shares", () => {
    fc.assert(
      fc.property(CASE, ({ units, members, changes }) => {
        const all = Array.from({ length: units }, (_, at) => `lane ${at}`);
        let count = 0;
        const held = new Map<string, readonly string[]>();
        const join = (): void => void held.set(`m${count++}`, []);
        for (let member = 0; member < members; member++) join();
        const round = (): void => {
          const given = assign(
            all,
            [...held].map(([member, mine]) => ({ member, held: mine })),
          );
          for (const [member, mine] of given)
            for (const unit of mine)
              for (const [other, theirs] of held) if (other !== member) expect(theirs).not.toContain(unit);
          // Whoever has to let go does so before the next round.
          for (const [member, mine] of given) held.set(member, mine);
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

  it("moves as little as can be", () => {
    const given = assign(
      ["a", "b", "c", "d"],
      [
        { member: "old", held: ["c", "a", "b", "d"] },
        { member: "new", held: [] },
      ],
    );
    // Busiest first: what is idle is let go.
    expect(given.get("old")).toEqual(["c", "a"]);
    expect(given.get("new")).toEqual([]);
  });

  it("leaves a member with what it keeps, however busy it still is with what it lets go", () => {
    const held = claimed([
      { unit: "a", running: 9, isLeaving: true },
      { unit: "b", running: 0, isLeaving: false },
      { unit: "c", running: 5, isLeaving: false },
    ]);
    expect(held).toEqual(["c", "b", "a"]);
    const given = assign(
      ["a", "b", "c"],
      [{ member: "old", held }, ...["x", "y"].map((member) => ({ member, held: [] }))],
    );
    expect([given.get("old"), given.get("x")]).toEqual([["c"], []]);
  });

  it("believes the first of two claims", () => {
    const given = assign(
      ["a"],
      [
        { member: "present", held: ["a"] },
        { member: "past", held: ["a"] },
      ],
    );
    expect(given.get("present")).toEqual(["a"]);
    expect(given.get("past")).toEqual([]);
  });
});
