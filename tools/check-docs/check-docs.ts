import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import { unexplainedDependencies } from "./dependencies.ts";
import { undocumentedErrors } from "./error-sections.ts";
import { typedFences } from "./fences.ts";
import { staleIncludes } from "./includes.ts";
import { unlistedPages } from "./index-page.ts";
import { deadDiagrams, unnamedFolders } from "./map.ts";
import { readPages } from "./page.ts";
import { deadReferences } from "./paths.ts";
import { readRepository } from "./repository.ts";
import { wordsIn } from "./words/check-words.ts";
import { readSources } from "./words/prose.ts";
import { unknownNames } from "./words/unknown-names.ts";

/** Pages that every reader needs. */
export const EXPECTED: readonly string[] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "GLOSSARY.md"];

/** Returns all statements of the pages that are not true. */
export function checkDocs(root: string): readonly Finding[] {
  const repository = readRepository(root);
  const missing = EXPECTED.filter((path) => !existsSync(join(root, path)));
  const pages = readPages(root);
  const sources = readSources(root);
  const inPages = pages.flatMap((page) => [
    ...typedFences(page),
    ...staleIncludes(root, page),
    ...deadReferences(repository, page),
    ...deadDiagrams(repository, page.path, page.fences),
  ]);
  return [
    ...missing.map((path) => ({ path, line: 1, text: "this page is missing" })),
    ...inPages,
    ...(missing.includes("CONTRIBUTING.md") ? [] : unexplainedDependencies(root)),
    ...undocumentedErrors(root),
    ...unlistedPages(root),
    ...unnamedFolders(repository),
    ...unknownNames(sources),
    ...wordsIn(pages, sources),
  ];
}
