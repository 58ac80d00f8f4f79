import type { Finding } from "../../shared/finding.ts";
import type { Mention, Page } from "../page.ts";
import type { SourceProse } from "./prose.ts";
import { ALLOWED, FOREIGN_NAMES, RETIRED, WITHOUT_AGENT } from "./words.ts";

/** Returns the retired words, and the sentences without an agent, in all pages and sources. */
export function wordsIn(pages: readonly Page[], sources: readonly SourceProse[]): readonly Finding[] {
  return [...pages.flatMap(wordsInPage), ...sources.flatMap(wordsInSource)];
}

/** Returns the findings in a page. Code in backticks is not checked: it may be another project's name. */
function wordsInPage({ path, texts, paragraphs }: Page): readonly Finding[] {
  return [
    ...texts.flatMap((text) => retiredIn(path, text)),
    ...paragraphs.flatMap((paragraph) => withoutAgentIn(path, paragraph)),
  ];
}

/** Returns the retired words in identifiers, strings and comments, and the sentences without an agent in comments and strings. */
function wordsInSource({ path, identifiers, strings, comments }: SourceProse): readonly Finding[] {
  return [
    ...identifiers.filter(({ text }) => !FOREIGN_NAMES.has(text)).flatMap((name) => retiredIn(path, name)),
    ...[...strings, ...comments].flatMap((text) => retiredIn(path, text)),
    ...[...strings.filter(isSentence), ...comments].flatMap((text) => withoutAgentIn(path, text)),
  ];
}

function retiredIn(path: string, { line, text }: Mention): readonly Finding[] {
  return RETIRED.flatMap(({ word, say }) => {
    const found = word.exec(spaced(text))?.[0];
    if (found === undefined || isAllowed(path, found)) return [];
    return [{ path, line, text: `"${found}" is retired: say ${say} (GLOSSARY.md)` }];
  });
}

function isAllowed(path: string, found: string): boolean {
  return ALLOWED.some(
    ({ path: where, word }) =>
      (where.endsWith("/") ? path.startsWith(where) : path === where) && (word === "*" || word === found),
  );
}

/** Whether a text begins like a sentence and has at least three words. */
const isSentence = ({ text }: Mention): boolean => /^[A-Z]\w* \S+ \S/.test(text);

function withoutAgentIn(path: string, { line, text }: Mention): readonly Finding[] {
  if (isAllowed(path, "*")) return [];
  const sentence = text
    .split(/(?<=[.;!?])\s+/)
    .find((each) => WITHOUT_AGENT.test(each) && !each.endsWith("?"));
  if (sentence === undefined) return [];
  return [
    {
      path,
      line,
      text: `"${sentence.slice(0, 50)}" has no agent: begin with the one that acts (CONTRIBUTING.md)`,
    },
  ];
}

/** Returns a text in lower case, with spaces between words: `deadLetterQueue` becomes `dead letter queue`. */
function spaced(text: string): string {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
}
