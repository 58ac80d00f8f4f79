import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository, where every path of a finding begins. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** What is installed, built or written by a tool: nobody's source. */
const SKIPPED: ReadonlySet<string> = new Set([
  "node_modules",
  "dist",
  "coverage",
  ".git",
  ".turbo",
  ".cache",
  ".brokers",
  ".changeset",
  "reference",
]);

/** The files below the root whose names end so, relative to it and sorted; changelogs are written by a tool. */
export function filesBelow(root: string, ending: string): readonly string[] {
  return [...walk(root)]
    .filter((file) => file.endsWith(ending) && !file.endsWith("CHANGELOG.md"))
    .map((file) => relative(root, file).split(sep).join("/"))
    .toSorted();
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}
