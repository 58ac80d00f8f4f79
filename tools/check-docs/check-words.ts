import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { filesBelow } from "../shared/files.ts";
import type { Finding } from "../shared/finding.ts";
import type { Mention, Page } from "./page.ts";
import { ALLOWED, BANNED } from "./words.ts";

/** Banned words in the prose of a page; code in backticks may be somebody else's name for a thing. */
export function wordsInPage({ path, texts }: Page): readonly Finding[] {
  return texts.flatMap(({ line, text }) => findingsIn(path, { line, text }));
}

/** Banned words in the identifiers of what is published: strings and comments may speak of brokers. */
export function wordsInSources(root: string): readonly Finding[] {
  return filesBelow(root, ".ts")
    .filter((path) => /^packages\/[^/]+\/src\//.test(path))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return identifiersOf(path, text).flatMap((identifier) => findingsIn(path, identifier));
    });
}

function findingsIn(path: string, { line, text }: Mention): readonly Finding[] {
  return BANNED.flatMap(({ word, say }) => {
    const found = word.exec(spaced(text))?.[0];
    if (found === undefined || isAllowed(path, found)) return [];
    return [{ path, line, text: `"${found}": we say ${say} (GLOSSARY.md)` }];
  });
}

function isAllowed(path: string, found: string): boolean {
  return ALLOWED.some(
    ({ path: where, word }) =>
      (where.endsWith("/") ? path.startsWith(where) : path === where) && (word === "*" || word === found),
  );
}

/** `deadLetterQueue` and `DEAD_LETTER_QUEUE` read as `dead letter queue`. */
function spaced(text: string): string {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
}

/** The names a file declares or uses, each at its line; names of a library are imported, so they are seen there too. */
function identifiersOf(path: string, text: string): readonly Mention[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const found: Mention[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node))
      found.push({
        line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
        text: node.text,
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
