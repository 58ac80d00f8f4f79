import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "../shared/files.ts";

/** The length of a source file. */
export interface Size {
  /** Relative to the root. */
  readonly path: string;
  readonly lines: number;
}

/** Statistics of many sizes. */
export interface Summary {
  readonly files: number;
  readonly lines: number;
  readonly median: number;
  readonly p90: number;
  readonly longest: Size | undefined;
}

/** Returns the TypeScript files of a folder without tests, shortest first. */
export function sourceSizes(root: string, folder: string): readonly Size[] {
  return filesBelow(join(root, folder), ".ts")
    .filter((path) => !/\.test(-d)?\.ts$/.test(path))
    .map((path) => ({ path: `${folder}/${path}`, lines: linesOf(join(root, folder, path)) }))
    .toSorted((a, b) => a.lines - b.lines);
}

function linesOf(file: string): number {
  return readFileSync(file, "utf8").trimEnd().split("\n").length;
}

/** Returns the statistics of sizes in any order. */
export function summary(sizes: readonly Size[]): Summary {
  const sorted = sizes.toSorted((a, b) => a.lines - b.lines);
  return {
    files: sorted.length,
    lines: sorted.reduce((sum, { lines }) => sum + lines, 0),
    median: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    longest: sorted.at(-1),
  };
}

/** Returns the quantile by nearest rank. */
function quantile(sorted: readonly Size[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]?.lines ?? 0;
}
