import type { Finding } from "../shared/finding.ts";
import type { Page } from "./page.ts";
import { linesOf, sourceOf, type Source } from "./region.ts";

/** The lines of a page that come from a file. */
export interface Include {
  readonly source: Source;
  /** The line of the comment, 1-based. */
  readonly line: number;
  /** The lines in between, from one after `before` to one before `after`, 1-based. */
  readonly before: number;
  readonly after: number;
  /** Whether blank lines enclose the text: formatters want them around Markdown. */
  readonly isMarkdown: boolean;
}

/** The end of an included piece of Markdown, which has no fences to end it. */
export const END = "/include";

/** Finds the includes of a page: a comment above a fence with nothing between, or a comment with an end comment. */
export function includesOf({ comments, fences, lines }: Page): readonly Include[] {
  return comments.flatMap(({ line, endLine, text }, at): readonly Include[] => {
    const source = sourceOf(text);
    if (source === undefined) return [];
    const next = lines.findIndex((other, index) => index >= endLine && other.trim() !== "") + 1;
    const fence = fences.find((other) => other.line === next);
    if (fence !== undefined)
      return [{ source, line, before: fence.line, after: fence.endLine, isMarkdown: false }];
    const end = comments[at + 1];
    if (end?.text === END) return [{ source, line, before: endLine, after: end.line, isMarkdown: true }];
    return [{ source, line, before: endLine, after: endLine, isMarkdown: false }];
  });
}

/** Returns the includes that cannot be read, that enclose nothing, or whose text differs from the file. */
export function staleIncludes(root: string, page: Page): readonly Finding[] {
  return includesOf(page).flatMap((include) => {
    const { line, before, after, source } = include;
    const wrong = (text: string): readonly Finding[] => [{ path: page.path, line, text }];
    if (before === after)
      return wrong(`the include of ${source.path} has neither a fence below it nor <!-- ${END} -->`);
    const wanted = wantedLines(root, include);
    if (typeof wanted === "string") return wrong(wanted);
    const present = page.lines.slice(before, after - 1);
    const at = wanted.findIndex((text, index) => text !== present[index]);
    if (at < 0 && present.length === wanted.length) return [];
    const stale = before + 1 + (at < 0 ? wanted.length : at);
    return [{ path: page.path, line: stale, text: `differs from ${source.path}: run npm run docs:refresh` }];
  });
}

/** Returns the page with every include refreshed; includes that cannot be read stay as they are. */
export function refreshed(root: string, page: Page): string {
  const lines = [...page.lines];
  for (const include of includesOf(page).toReversed()) {
    const { before, after } = include;
    const wanted = wantedLines(root, include);
    if (typeof wanted !== "string" && before !== after) lines.splice(before, after - 1 - before, ...wanted);
  }
  return lines.join("\n");
}

function wantedLines(root: string, { source, isMarkdown }: Include): readonly string[] | string {
  const lines = linesOf(root, source);
  return typeof lines !== "string" && isMarkdown ? ["", ...lines.join("\n").trim().split("\n"), ""] : lines;
}
