import fc from "fast-check";
import { expect, it } from "vitest";
import { checkJson } from "./json-check.ts";

it("accepts all data that JSON writes and reads unchanged", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      checkJson(value, "t");
    }),
  );
});

it("accepts only data that is written and read unchanged, except toJSON, undefined properties and -0", () => {
  const anything = fc.anything({
    withBigInt: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
  });
  fc.assert(
    fc.property(anything, (value) => {
      try {
        checkJson(value, "t");
      } catch {
        return;
      }
      const written = JSON.stringify(value) as string | undefined;
      const read: unknown = written === undefined ? undefined : JSON.parse(written);
      expect(JSON.stringify(read)).toBe(written);
      expect(countLeaves(read)).toBe(countLeaves(value));
    }),
    { numRuns: 500 },
  );
});

/** The values of the tree without undefined properties. */
function countLeaves(value: unknown): number {
  if (typeof value !== "object" || value === null) return value === undefined ? 0 : 1;
  return 1 + Object.values(value).reduce((sum: number, item) => sum + countLeaves(item), 0);
}

it("names the path of a problem", () => {
  expect(() => checkJson({ items: [{}, { price: Number.NaN }] }, "shop.order")).toThrow(
    "The data of shop.order cannot be written as JSON: data.items[1].price is NaN.",
  );
  class Money {
    readonly cents = 5;
  }
  expect(() => checkJson({ m: new Money() }, "t")).not.toThrow(); // own fields, as JSON writes them
  expect(() => checkJson([new Set()], "t")).toThrow("data[0] is a Set");
  expect(() => checkJson({ e: new Error("x") }, "t")).toThrow("data.e is a Error");
  expect(() => checkJson({ toJSON: () => 1n }, "t")).toThrow("bigint");
});
