import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Longer files hold more than one idea, or a written reason. */
export const LONGEST_FILE = 300;

/** Files that may be longer, and why. */
export const REASONS: Readonly<Record<string, string>> = {};

export interface Size {
  /** Relative to the root. */
  readonly path: string;
  readonly lines: number;
}

/** The source files of a package, tests apart. */
export function sourceSizes(root: string, pack: string): readonly Size[] {
  const folder = `packages/${pack}/src`;
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(path))
    .map((path) => ({ path: `${folder}/${path}`, lines: linesOf(join(root, folder, path)) }))
    .toSorted((a, b) => a.lines - b.lines);
}

function linesOf(file: string): number {
  return readFileSync(file, "utf8").trimEnd().split("\n").length;
}

/** The value below which the given share of sorted sizes lies. */
export function quantile(sizes: readonly Size[], share: number): number {
  return sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))]?.lines ?? 0;
}

export function tooLong(sizes: readonly Size[]): readonly Size[] {
  return sizes.filter(({ path, lines }) => lines > LONGEST_FILE && REASONS[path] === undefined);
}
