import { dirname } from "node:path";
import type { Finding } from "../shared/finding.ts";
import type { Size } from "./sizes.ts";

/** The longest file without a written reason. */
export const LONGEST_FILE = 250;

/** The longest file with a written reason. */
export const LONGEST_WITH_REASON = 400;

/** The reasons of the files that are longer than the limit. */
export const REASONS: Readonly<Record<string, string>> = {};

/** How many names an entry point may export. Entry points that are not listed belong to adapters and integrations. */
export const MOST_NAMES: Readonly<Record<string, number>> = {
  "@waybill/core": 76,
  "@waybill/core/transport": 32,
  "@waybill/core/transport-kit": 30,
  "@waybill/conformance": 48,
  "@waybill/testing": 48,
};

/** The limit for the entry points of adapters and integrations. */
export const MOST_NAMES_OF_OTHERS = 12;

/** The whole transport interface, comments included: a reader finishes it in one sitting. */
export const LONGEST_CONTRACT = 320;
const CONTRACT = "packages/core/src/spi/";

/** How many source files a folder may hold: a longer list hides its order. */
export const MOST_FILES = 15;

/** Returns the folders with too many source files. */
export function tooManyFiles(sizes: readonly Size[]): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { path } of sizes) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  return [...counts]
    .filter(([, files]) => files > MOST_FILES)
    .map(([path, files]) => ({
      path,
      line: 1,
      text: `${files} source files, at most ${MOST_FILES}: make folders by subject`,
    }));
}

/** Returns the files that are too long. */
export function tooLong(
  sizes: readonly Size[],
  reasons: Readonly<Record<string, string>> = REASONS,
): readonly Finding[] {
  return sizes
    .filter(({ path, lines }) => lines > (path in reasons ? LONGEST_WITH_REASON : LONGEST_FILE))
    .map(({ path, lines }) => ({
      path,
      line: LONGEST_FILE,
      text: `${lines} lines: split it, or write a reason into tools/sizes/limits.ts`,
    }));
}

/** Returns the reasons whose files are short, or do not exist. */
export function idleReasons(
  sizes: readonly Size[],
  reasons: Readonly<Record<string, string>> = REASONS,
): readonly Finding[] {
  return Object.keys(reasons)
    .filter((path) => !sizes.some((size) => size.path === path && size.lines > LONGEST_FILE))
    .map((path) => ({
      path,
      line: 1,
      text: "needs no reason: delete the line from tools/sizes/limits.ts",
    }));
}

/** Returns a finding if the transport interface is too long as a whole. */
export function contractTooLong(sizes: readonly Size[]): readonly Finding[] {
  const lines = sizes
    .filter(({ path }) => path.startsWith(CONTRACT))
    .reduce((sum, size) => sum + size.lines, 0);
  if (lines <= LONGEST_CONTRACT) return [];
  return [
    { path: CONTRACT, line: 1, text: `${lines} lines in all; at most ${LONGEST_CONTRACT} are allowed` },
  ];
}

/** Returns the entry points that export too many names. */
export function tooWide(
  entryPoints: readonly { readonly specifier: string; readonly file: string; readonly names: number }[],
): readonly Finding[] {
  return entryPoints.flatMap(({ specifier, file, names }) => {
    const most = MOST_NAMES[specifier] ?? MOST_NAMES_OF_OTHERS;
    if (names <= most) return [];
    return [
      { path: file, line: 1, text: `${names} names exported by ${specifier}; at most ${most} are allowed` },
    ];
  });
}
