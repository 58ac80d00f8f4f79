import fc from "fast-check";
import { expect, it } from "vitest";
import { InFlightList, type Linked } from "./in-flight-list.ts";

interface Parcel extends Linked<Parcel> {
  readonly name: number;
}

const parcels = (): Parcel[] =>
  Array.from({ length: 5 }, (_, name) => ({ name, before: undefined, after: undefined }));

it("holds what a Set would hold, in its order, whatever comes and goes", () => {
  const move = fc.record({ of: fc.nat({ max: 4 }), comes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
      const all = parcels();
      const hand = new InFlightList<Parcel>();
      const model = new Set<Parcel>();
      for (const { of, comes } of moves) {
        const parcel = all[of];
        if (parcel === undefined || (comes && model.has(parcel))) continue;
        if (comes) hand.add(parcel);
        else hand.remove(parcel);
        if (comes) model.add(parcel);
        else model.delete(parcel);
        expect(hand.all()).toEqual([...model]);
        expect(hand.size).toBe(model.size);
      }
    }),
  );
});

it("links what has left to nothing, so that nothing is kept alive by it", () => {
  const all = parcels();
  const hand = new InFlightList<Parcel>();
  for (const parcel of all) hand.add(parcel);
  expect(hand.takeAll()).toEqual(parcels());
  expect(hand.size).toBe(0);
  expect(all).toEqual(parcels());
});
