import fc from "fast-check";
import { expect, it } from "vitest";
import { Deduplication, DEDUP_WINDOW_MS } from "./deduplication.ts";

it("knows exactly the last four thousand ids", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (ids) => {
      const dedup = new Deduplication();
      const seen = new Set<string>();
      for (const id of ids) {
        expect(dedup.isNew(id, 0)).toBe(!seen.has(id));
        seen.add(id);
      }
    }),
  );
  const dedup = new Deduplication();
  for (let n = 0; n < 20_000; n++) {
    expect(dedup.isNew(`id-${n}`, 0)).toBe(true);
    if (n >= 4_000) expect(dedup.isNew(`id-${n - 3_999}`, 0)).toBe(false);
  }
});

it("forgets an id after the deduplication window", () => {
  const dedup = new Deduplication();
  expect(dedup.isNew("a", 1)).toBe(true);
  expect(dedup.isNew("a", DEDUP_WINDOW_MS - 1)).toBe(false);
  expect(dedup.isNew("a", 5 * DEDUP_WINDOW_MS)).toBe(true);
});
