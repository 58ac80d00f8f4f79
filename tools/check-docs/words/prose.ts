import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { filesBelow } from "../../shared/files.ts";
import type { Mention } from "../page.ts";

/** The words of a source file: its identifiers, strings, templates and comments. */
export interface Prose {
  readonly identifiers: readonly Mention[];
  readonly strings: readonly Mention[];
  /** Comments without their markers. Line comments that follow each other are one text. */
  readonly comments: readonly Mention[];
}

/** The words of the source file at a path relative to the root. */
export interface SourceProse extends Prose {
  readonly path: string;
}

/** Reads the words of all source files: parsed once for all checks. */
export function readSources(root: string): readonly SourceProse[] {
  return filesBelow(root, ".ts").map((path) => ({
    path,
    ...proseOf(path, readFileSync(join(root, path), "utf8")),
  }));
}

function proseOf(path: string, text: string): Prose {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const identifiers: Mention[] = [];
  const strings: Mention[] = [];
  const ranges = new Map<number, ts.CommentRange>();
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const collect = (found: readonly ts.CommentRange[] | undefined): void =>
    found?.forEach((range) => ranges.set(range.pos, range));
  const visit = (node: ts.Node): void => {
    collect(ts.getLeadingCommentRanges(text, node.pos));
    collect(ts.getTrailingCommentRanges(text, node.end));
    const line = (): number => lineAt(node.getStart(source));
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node))
      identifiers.push({ line: line(), text: node.text });
    else if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    )
      strings.push({ line: line(), text: node.text });
    ts.forEachChild(node, visit);
  };
  visit(source);
  collect(ts.getLeadingCommentRanges(text, source.endOfFileToken.pos));
  return {
    identifiers,
    strings,
    comments: joined(
      [...ranges.values()].toSorted((a, b) => a.pos - b.pos),
      text,
      lineAt,
    ),
  };
}

function joined(
  ranges: readonly ts.CommentRange[],
  text: string,
  lineAt: (position: number) => number,
): readonly Mention[] {
  const found: (Mention & { readonly endLine: number })[] = [];
  for (const { pos, end, kind } of ranges) {
    const line = lineAt(pos);
    const words = withoutMarkers(text.slice(pos, end));
    const last = found.at(-1);
    if (kind === ts.SyntaxKind.SingleLineCommentTrivia && last?.endLine === line - 1)
      found.splice(-1, 1, { line: last.line, endLine: line, text: `${last.text} ${words}` });
    else found.push({ line, endLine: lineAt(end), text: words });
  }
  return found;
}

function withoutMarkers(comment: string): string {
  return comment
    .replace(/^\/\*\*?|\*\/$|^\/\/+/g, "")
    .replaceAll(/\n\s*\*/g, "\n")
    .replaceAll(/\s+/g, " ")
    .trim();
}
