import fc from "fast-check";
import { expect, it } from "vitest";
import { assignLanes } from "./assignor.ts";

const members = fc.uniqueArray(fc.constantFrom<string[]>("a", "b", "c", "d", "e"), { maxLength: 5 });

it("every lane has an owner, the shares differ by at most one lane, and only surplus lanes move", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), members, members, (lanes, before, now) => {
      const owners = assignLanes(Array<string | undefined>(lanes).fill(undefined), before);
      const next = assignLanes(owners, now);
      expect(next).toHaveLength(lanes);
      if (now.length === 0) {
        expect(next.every((owner) => owner === undefined)).toBe(true);
        return;
      }
      const counts = now.map((member) => next.filter((owner) => owner === member).length);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(lanes);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      const surplus = before
        .filter((member) => now.includes(member))
        .map((member) => owners.filter((owner) => owner === member).length - Math.floor(lanes / now.length))
        .reduce((sum, over) => sum + Math.max(0, over), 0);
      const moved = owners.filter(
        (owner, lane) => owner !== undefined && now.includes(owner) && owner !== next[lane],
      ).length;
      expect(moved).toBeLessThanOrEqual(surplus);
      expect(assignLanes(next, now)).toEqual(next);
    }),
  );
});
