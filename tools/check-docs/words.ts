import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./finding.ts";
import { proseOf } from "./markdown.ts";

/** Words that the glossary has a better one for; only those that have no innocent use in our pages. */
const BANNED: readonly { readonly word: RegExp; readonly say: string }[] = [
  { word: /\b(marshal(?:er|ing)?|serialiser)\b/i, say: "codec" },
  { word: /\bpoison queue\b/i, say: "dead letters" },
  { word: /\berror queue\b/i, say: "dead letters" },
  { word: /\bretry number\b/i, say: "attempt" },
  { word: /\bmessage class\b/i, say: "contract" },
  { word: /\bfeature flags?\b/i, say: "capability" },
  { word: /\bdelivery count\b/i, say: "attempt" },
];

/** Pages that must name the words in order to replace them. */
const ALLOWED: ReadonlySet<string> = new Set(["GLOSSARY.md"]);

export function bannedWords(root: string, page: string): readonly Finding[] {
  if (ALLOWED.has(page)) return [];
  return proseOf(readFileSync(join(root, page), "utf8"))
    .split("\n")
    .flatMap((text, at) =>
      BANNED.flatMap(({ word, say }) => {
        const found = word.exec(text)?.[0];
        return found === undefined
          ? []
          : [{ page, line: at + 1, text: `says "${found}": we say ${say} (GLOSSARY.md)` }];
      }),
    );
}
