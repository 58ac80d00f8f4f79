import { join } from "node:path";
import { ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { NODES } from "../shared/nodes.ts";
import { checkPackages, type Visit } from "./check-packages.ts";
import { ALL_COMPILERS } from "./stranger.ts";

const CONSUMER = join(ROOT, "tools/check-packages/consumer");

const visit: Visit = {
  programs: [
    { file: join(CONSUMER, "main.ts") },
    { file: join(CONSUMER, "inversify.ts"), options: { experimentalDecorators: true } },
  ],
  alongside: ["zod"],
  managers: ["npm", "pnpm"],
  compilers: ALL_COMPILERS,
  nodes: NODES,
  unsound: {},
};
report(
  checkPackages(ROOT, visit),
  `a stranger can install every package with ${visit.managers.join(" and ")}, import, require and run it on Node ${NODES.join(", ")}, and compile with TypeScript ${Object.keys(ALL_COMPILERS).toSorted().join(", ")}`,
);
