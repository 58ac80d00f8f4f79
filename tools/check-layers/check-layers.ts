import { adapterViolations } from "./adapters.ts";
import { fileCycles } from "./cycles.ts";
import { packageCycles } from "./package-graph.ts";
import { planViolations } from "./plan.ts";
import { violationsOf, type Violation } from "./rules.ts";
import { sourceFiles } from "./source-file.ts";

/** Returns all differences from the plan: layers, entry points, folders of adapters, import cycles, `node:`. */
export function checkLayers(root: string): readonly Violation[] {
  const files = sourceFiles(root);
  return [
    ...violationsOf(files),
    ...adapterViolations(files),
    ...planViolations(root, files),
    ...fileCycles(files.filter(({ isTest }) => !isTest)),
    ...packageCycles(root),
  ];
}
