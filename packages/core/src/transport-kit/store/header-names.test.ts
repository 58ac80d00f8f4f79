import fc from "fast-check";
import { expect, it } from "vitest";
import { headerNames } from "./header-names.ts";

it("a name that was escaped is read as it was, whether it was reserved or not", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `%${text}`),
      ),
      fc.boolean(),
      (name, isReserved) => {
        const written = headerNames.escape(name, isReserved);
        expect(headerNames.unescape(written)).toBe(name);
        if (isReserved) expect(written).not.toBe(name);
      },
    ),
  );
});

it("a header named __proto__ is a header like any other", () => {
  const headers: Record<string, string> = {};
  for (const name of ["plain", "__proto__", "constructor"]) headerNames.set(headers, name, `of ${name}`);
  expect(Object.entries(headers)).toEqual([
    ["plain", "of plain"],
    ["__proto__", "of __proto__"],
    ["constructor", "of constructor"],
  ]);
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
});
