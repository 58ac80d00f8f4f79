import fc from "fast-check";
import { expect, it } from "vitest";
import { InFlightList, type Linked } from "./in-flight-list.ts";

interface Item extends Linked<Item> {
  readonly name: number;
}

const fiveItems = (): Item[] =>
  Array.from({ length: 5 }, (_, name) => ({ name, before: undefined, after: undefined }));

it("the list has the items that a Set would have, in the same order, after any additions and removals", () => {
  const move = fc.record({ of: fc.nat({ max: 4 }), isAdded: fc.boolean() });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
      const all = fiveItems();
      const list = new InFlightList<Item>();
      const model = new Set<Item>();
      for (const { of, isAdded } of moves) {
        const item = all[of];
        if (item === undefined || (isAdded && model.has(item))) continue;
        if (isAdded) list.add(item);
        else list.remove(item);
        if (isAdded) model.add(item);
        else model.delete(item);
        expect(list.all()).toEqual([...model]);
        expect(list.size).toBe(model.size);
      }
    }),
  );
});

it("a removed item has no links, so that it keeps no other item alive", () => {
  const all = fiveItems();
  const list = new InFlightList<Item>();
  for (const item of all) list.add(item);
  expect(list.takeAll()).toEqual(fiveItems());
  expect(list.size).toBe(0);
  expect(all).toEqual(fiveItems());
});
