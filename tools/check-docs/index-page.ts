import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { filesBelow } from "../shared/files.ts";
import type { Finding } from "../shared/finding.ts";
import { readPage } from "./page.ts";

/** Where a reader of the repository finds every page. */
const INDEX = "docs/index.md";
/** Written by a tool, with a menu of its own. */
const GENERATED = "docs/reference/";

/** Pages of `docs` that the index does not link: nobody would find them. */
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
