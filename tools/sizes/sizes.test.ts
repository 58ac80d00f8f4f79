import { expect, it } from "vitest";
import { quantile, tooLong, type Size } from "./sizes.ts";

const sizes: readonly Size[] = [10, 20, 30, 40, 301].map((lines, at) => ({ path: `${at}.ts`, lines }));

it("tells median, ninetieth percentile and what is too long", () => {
  expect(quantile(sizes, 0.5)).toBe(30);
  expect(quantile(sizes, 0.9)).toBe(301);
  expect(quantile([], 0.5)).toBe(0);
  expect(tooLong(sizes)).toEqual([{ path: "4.ts", lines: 301 }]);
});
