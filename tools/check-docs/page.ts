import { readFileSync } from "node:fs";
import { join } from "node:path";
import GithubSlugger from "github-slugger";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { filesBelow } from "../shared/files.ts";

/** A code block with its fences. */
export interface Fence {
  /** The line of the opening fence, 1-based. */
  readonly line: number;
  /** The line of the closing fence, 1-based. */
  readonly endLine: number;
  readonly language: string;
  /** The words after the language. */
  readonly meta: string;
  readonly body: string;
}

/** A comment `<!-- ... -->` on its own. */
export interface Comment {
  readonly line: number;
  readonly endLine: number;
  readonly text: string;
}

/** A word in backticks, the target of a link, or plain text. */
export interface Mention {
  readonly line: number;
  readonly text: string;
}

/** A Markdown file for the checks, parsed once, by CommonMark. */
export interface Page {
  readonly path: string;
  readonly lines: readonly string[];
  readonly fences: readonly Fence[];
  readonly comments: readonly Comment[];
  readonly codes: readonly Mention[];
  readonly links: readonly Mention[];
  readonly texts: readonly Mention[];
  /** The words of each paragraph, code in backticks included. */
  readonly paragraphs: readonly Mention[];
  /** The targets of `#...`: a slug for every heading, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
}

/** Reads all pages of the repository. */
export function readPages(root: string): readonly Page[] {
  return filesBelow(root, ".md").map((path) => readPage(root, path));
}

/** Reads the page at a path relative to the root. */
export function readPage(root: string, path: string): Page {
  return parsePage(path, readFileSync(join(root, path), "utf8"));
}

/** Parses one page. */
export function parsePage(path: string, text: string): Page {
  const page = {
    fences: [] as Fence[],
    comments: [] as Comment[],
    codes: [] as Mention[],
    links: [] as Mention[],
    texts: [] as Mention[],
    paragraphs: [] as Mention[],
    anchors: new Set<string>(),
  };
  const slugger = new GithubSlugger();
  for (const node of nodesOf(fromMarkdown(text))) {
    const line = node.position?.start.line ?? 1;
    const endLine = node.position?.end.line ?? line;
    if (node.type === "code")
      page.fences.push({ line, endLine, language: node.lang ?? "", meta: node.meta ?? "", body: node.value });
    else if (node.type === "html") page.comments.push(...commentOf(node.value, line, endLine));
    else if (node.type === "inlineCode") page.codes.push({ line, text: node.value });
    else if (node.type === "link" || node.type === "image" || node.type === "definition")
      page.links.push({ line, text: node.url });
    else if (node.type === "text") page.texts.push({ line, text: node.value });
    else if (node.type === "paragraph") page.paragraphs.push({ line, text: wordsOf(node) });
    else if (node.type === "heading") page.anchors.add(slugger.slug(wordsOf(node)));
  }
  return { path, lines: text.split("\n"), ...page };
}

function commentOf(html: string, line: number, endLine: number): readonly Comment[] {
  const text = /^<!--(.*)-->$/s.exec(html.trim())?.[1];
  return text === undefined ? [] : [{ line, endLine, text: text.trim() }];
}

function* nodesOf(node: Nodes): Generator<Nodes> {
  yield node;
  if ("children" in node) for (const child of node.children) yield* nodesOf(child);
}

function wordsOf(node: Nodes): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(wordsOf).join("") : "";
}
