import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import { readPage, type Fence } from "./page.ts";
import type { Repository } from "./repository.ts";

/** The page that is the map of the repository. */
const MAP = "ARCHITECTURE.md";
const SOURCE = /\.(?:ts|mjs|css)$/;
/** The folder of a package. It needs a row even if all its sources are in folders below. */
const PACKAGE = /^(packages\/[^/]+)\/package\.json$/;

/** Returns the packages and source folders that no table of the map names. */
export function unnamedFolders({ root, files }: Repository): readonly Finding[] {
  if (!existsSync(join(root, MAP))) return [];
  const named = new Set(readPage(root, MAP).codes.map(({ text }) => text.replace(/\/$/, "")));
  const packages = files.flatMap((file) => PACKAGE.exec(file)?.[1] ?? []);
  const sources = files
    .filter((file) => SOURCE.test(file) && file.includes("/") && !file.startsWith("."))
    .map((file) => dirname(file))
    .filter((folder) => !folder.split("/").some((part) => part.startsWith(".")));
  return [...new Set([...packages, ...sources])]
    .filter((folder) => !named.has(folder))
    .toSorted()
    .map((folder) => ({ path: MAP, line: 1, text: `no table names the folder ${folder}` }));
}

const FILE = /[\w/.-]+\.ts\b/g;

/**
 * Returns the files that a diagram names and that do not exist. The opening fence of a diagram names the folder that it draws, as in
 * \`\`\`text packages/kafka/src; a file in it is named by its path below that folder, or by the end of that path.
 */
export function deadDiagrams(
  { files }: Repository,
  path: string,
  fences: readonly Fence[],
): readonly Finding[] {
  return fences.flatMap(({ language, meta, line, body }) => {
    if (language !== "text" || !/^[\w-]+(?:\/[\w-]+)+$/.test(meta)) return [];
    const below = files.filter((file) => file.startsWith(`${meta}/`));
    return body
      .split("\n")
      .flatMap((text, at) =>
        [...text.matchAll(FILE)]
          .filter(([name]) => !below.some((file) => file.endsWith(`/${name}`)))
          .map(([name]) => ({ path, line: line + 1 + at, text: `${meta} has no file ${name}` })),
      );
  });
}
