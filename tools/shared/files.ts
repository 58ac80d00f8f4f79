import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository; paths of findings are relative to it. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** Folders of installed, built or generated files. */
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

/**
 * Returns the files below the root with one of these endings, relative to it and sorted. Leaves out changelogs, which
 * a tool writes.
 */
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
