import type { Violation } from "./rules.ts";
import type { SourceFile } from "./source-file.ts";

/** A graph: the edges of each node. */
export type Graph = ReadonlyMap<string, readonly Edge[]>;

interface Edge {
  readonly to: string;
  /** Where the edge is declared. */
  readonly path: string;
  readonly line: number;
}

/** Returns the import cycles of files, each once, at the import that closes it. */
export function fileCycles(files: readonly SourceFile[]): readonly Violation[] {
  const graph = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.flatMap(({ file, line }) => (file === undefined ? [] : [{ to: file, path, line }])),
    ]),
  );
  return cyclesIn(graph, "cycle");
}

/** Finds cycles by depth-first search. */
export function cyclesIn(graph: Graph, rule: string): readonly Violation[] {
  const found: Violation[] = [];
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): void => {
    if (done.has(node)) return;
    for (const { to, path, line } of graph.get(node) ?? []) {
      const start = [...trail, node].indexOf(to);
      if (start < 0) visit(to, [...trail, node]);
      else
        found.push({
          path,
          line,
          rule,
          text: `${[...trail, node].slice(start).concat(to).join(" -> ")}: break the cycle`,
        });
    }
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}
