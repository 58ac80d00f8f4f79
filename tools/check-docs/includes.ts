import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fencesOf, type Fence } from "./markdown.ts";
import { exists } from "./pages.ts";
import type { Finding } from "./finding.ts";
import { regionOf } from "./regions.ts";

/** Languages that must never be typed by hand into a page. */
const CODE: ReadonlySet<string> = new Set(["ts", "typescript", "js", "javascript", "tsx", "jsx", ""]);

/** Code in a page that is not an included region, or is not what the region says any more. */
export function staleIncludes(root: string, page: string): readonly Finding[] {
  return fencesOf(readFileSync(join(root, page), "utf8")).flatMap((fence) => {
    const text = problemOf(root, fence);
    return text === undefined ? [] : [{ page, line: fence.line, text }];
  });
}

function problemOf(root: string, { language, body, include }: Fence): string | undefined {
  if (include === undefined)
    return CODE.has(language)
      ? "code that no run has seen: include it from a file that runs, or mark it text"
      : undefined;
  const wanted = contentOf(root, include);
  if (wanted === undefined) return `${include} does not exist`;
  return wanted === body ? undefined : `differs from ${include}: npm run docs:refresh`;
}

function contentOf(root: string, include: string): string | undefined {
  const [path = "", region] = include.split("#");
  return exists(root, path) ? regionOf(readFileSync(join(root, path), "utf8"), region) : undefined;
}

/** Writes every included region anew. */
export function refreshIncludes(root: string, page: string): void {
  const path = join(root, page);
  const lines = readFileSync(path, "utf8").split("\n");
  for (const { include, line, body } of fencesOf(lines.join("\n")).toReversed()) {
    const content = include === undefined ? undefined : contentOf(root, include);
    if (content !== undefined) lines.splice(line, body.split("\n").length, ...content.split("\n"));
  }
  writeFileSync(path, lines.join("\n"));
}
