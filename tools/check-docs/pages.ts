import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const SKIPPED: ReadonlySet<string> = new Set([
  "node_modules",
  "dist",
  ".git",
  ".turbo",
  ".brokers",
  ".cache",
  ".changeset",
  "coverage",
]);

/** Every Markdown page of ours, relative to the root. */
export function pagesOf(root: string): readonly string[] {
  return [...walk(root, "")].toSorted();
}

function* walk(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (SKIPPED.has(entry.name) || entry.name === "CHANGELOG.md") continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, path);
    else if (entry.name.endsWith(".md")) yield path;
  }
}

export function exists(root: string, path: string): boolean {
  return existsSync(join(root, path));
}
