import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { filesBelow } from "../shared/files.ts";
import type { Finding } from "../shared/finding.ts";
import { readPage } from "./page.ts";

/** The page that links all pages. */
const INDEX = "docs/index.md";
/** A tool writes these pages and their menu. */
const GENERATED = "docs/reference/";

/** Returns the pages of `docs` that the index does not link: readers would not find them. */
export function unlistedPages(root: string): readonly Finding[] {
  if (!existsSync(join(root, INDEX))) return [];
  const linked = new Set(
    readPage(root, INDEX).links.map(({ text }) => posix.join("docs", text.replace(/#.*/, ""))),
  );
  return filesBelow(root, ".md")
    .filter((path) => path.startsWith("docs/") && path !== INDEX && !path.startsWith(GENERATED))
    .filter((path) => !linked.has(path))
    .map((path) => ({ path: INDEX, line: 1, text: `${path} is not linked` }));
}
