import { posix } from "node:path";
import { ADAPTERS, ADAPTER_FOLDERS, MOST_ARROWS } from "./layers.ts";
import type { Violation } from "./rules.ts";
import type { SourceFile } from "./source-file.ts";

/** Returns the adapters whose folders differ from the plan, and those whose folders import each other too much. */
export function adapterViolations(files: readonly SourceFile[]): readonly Violation[] {
  return ADAPTERS.flatMap((pack) => {
    const sources = files.filter((file) => file.pack === pack && file.inSource !== undefined && !file.isTest);
    return sources.length === 0 ? [] : [...foldersOf(pack, sources), ...arrowsOf(pack, sources)];
  });
}

function foldersOf(pack: string, sources: readonly SourceFile[]): readonly Violation[] {
  const path = `packages/${pack}/src`;
  const present = new Set(
    sources.map(({ inSource = "" }) => moduleOf(inSource)).filter((name) => !name.endsWith(".ts")),
  );
  const missing = ADAPTER_FOLDERS.filter((folder) => !present.has(folder)).map(
    (folder) => `has no folder ${folder}`,
  );
  const others = [...present]
    .filter((folder) => !ADAPTER_FOLDERS.includes(folder))
    .map((folder) => `has a folder ${folder}`);
  return [...missing, ...others].map((text) => ({
    path,
    line: 1,
    rule: "same-folders",
    text: `${text}: all adapters have ${ADAPTER_FOLDERS.join(", ")}`,
  }));
}

/** Reports an adapter with too many arrows: pairs of folders, or of files beside them, of which one imports the other. */
function arrowsOf(pack: string, sources: readonly SourceFile[]): readonly Violation[] {
  const root = `packages/${pack}/src/`;
  const arrows = new Set(
    sources.flatMap(({ inSource = "", imports }) =>
      imports.flatMap(({ file }) => {
        if (file === undefined || !posix.normalize(file).startsWith(root)) return [];
        const [from, to] = [moduleOf(inSource), moduleOf(posix.normalize(file).slice(root.length))];
        return from === to ? [] : [`${from} -> ${to}`];
      }),
    ),
  );
  if (arrows.size <= MOST_ARROWS) return [];
  const text = `${arrows.size} import arrows between its folders, at most ${MOST_ARROWS}: ${[...arrows].toSorted().join(", ")}`;
  return [{ path: root.slice(0, -1), line: 1, rule: "arrows", text }];
}

const moduleOf = (inSource: string): string => inSource.split("/")[0] ?? inSource;
