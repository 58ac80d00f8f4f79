import { expect, it } from "vitest";
import { planted } from "../shared/planted.ts";
import { contractTooLong, idleReasons, tooLong, tooManyFiles, tooWide } from "./limits.ts";
import { sourceSizes, summary, type Size } from "./sizes.ts";

const sizes: readonly Size[] = [301, 10, 20, 30, 40].map((lines) => ({ path: `${lines}.ts`, lines }));

it("counts the lines of sources without tests", () => {
  const root = planted({
    "src/a.ts": "1\n2\n3\n",
    "src/in/b.ts": "1",
    "src/a.test.ts": "1\n2\n",
    "src/c.md": "1\n",
  });
  expect(sourceSizes(root, "src")).toEqual([
    { path: "src/in/b.ts", lines: 1 },
    { path: "src/a.ts", lines: 3 },
  ]);
});

it("reports the median, the ninetieth percentile and the longest file", () => {
  expect(summary(sizes)).toEqual({
    files: 5,
    lines: 401,
    median: 30,
    p90: 301,
    longest: { path: "301.ts", lines: 301 },
  });
  const hundred = Array.from({ length: 100 }, (_, at) => ({ path: "x.ts", lines: at + 1 }));
  expect(summary(hundred)).toMatchObject({ median: 50, p90: 90 });
  expect(summary([])).toEqual({ files: 0, lines: 0, median: 0, p90: 0, longest: undefined });
});

it("reports a long file without a reason, and a reason without a long file", () => {
  expect(tooLong(sizes, {})).toMatchObject([{ path: "301.ts", text: expect.stringContaining("301 lines") }]);
  expect(tooLong(sizes, { "301.ts": "a table" })).toEqual([]);
  expect(tooLong([{ path: "a.ts", lines: 401 }], { "a.ts": "a table" })).toHaveLength(1);
  expect(idleReasons(sizes, { "301.ts": "a table" })).toEqual([]);
  expect(idleReasons(sizes, { "10.ts": "was long" })).toMatchObject([{ path: "10.ts" }]);
});

it("reports an entry point with too many names", () => {
  const entryPoint = (specifier: string, names: number) => ({ specifier, file: "src/index.ts", names });
  expect(tooWide([entryPoint("@waybill/core", 76), entryPoint("@waybill/memory", 12)])).toEqual([]);
  expect(tooWide([entryPoint("@waybill/core", 77), entryPoint("@waybill/memory", 13)])).toMatchObject([
    { text: "77 names exported by @waybill/core; at most 76 are allowed" },
    { text: "13 names exported by @waybill/memory; at most 12 are allowed" },
  ]);
});

it("reports a transport interface that is too long", () => {
  const files = [1, 2, 3].map((at) => ({ path: `packages/core/src/spi/${at}.ts`, lines: 100 }));
  const more = { path: "packages/core/src/spi/4.ts", lines: 21 };
  expect(contractTooLong([...files, { path: "packages/core/src/bus/bus.ts", lines: 100 }])).toEqual([]);
  expect(contractTooLong([...files, more])).toMatchObject([
    { text: "321 lines in all; at most 320 are allowed" },
  ]);
});

it("reports a folder with more than fifteen source files", () => {
  const files = Array.from({ length: 16 }, (_, at) => ({ path: `src/a/${at}.ts`, lines: 1 }));
  expect(tooManyFiles(files.slice(1))).toEqual([]);
  expect(tooManyFiles(files)).toMatchObject([
    { path: "src/a", text: expect.stringContaining("16 source files") },
  ]);
});
