import { fileCycles } from "./cycles.ts";
import { packageCycles } from "./package-graph.ts";
import { violationsOf, type Violation } from "./rules.ts";
import { sourceFiles } from "./source-file.ts";

/** Everything about the house that is not as planned: floors, entry points, rings, `node:`. */
export function checkLayers(root: string): readonly Violation[] {
  const files = sourceFiles(root);
  return [
    ...violationsOf(files),
    ...fileCycles(files.filter(({ isTest }) => !isTest)),
    ...packageCycles(root),
  ];
}
