import { join } from "node:path";
import { ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { NODES } from "../shared/nodes.ts";
import { checkPackages, type PackageChecks } from "./check-packages.ts";
import { ALL_COMPILERS } from "./fixture.ts";

const CONSUMER = join(ROOT, "tools/check-packages/consumer");

const checks: PackageChecks = {
  programs: [
    { file: join(CONSUMER, "main.ts") },
    { file: join(CONSUMER, "inversify.ts"), options: { experimentalDecorators: true } },
  ],
  links: ["zod"],
  managers: ["npm", "pnpm"],
  compilers: ALL_COMPILERS,
  nodes: NODES,
  unsound: {},
};
report(
  checkPackages(ROOT, checks),
  `every package can be installed with ${checks.managers.join(" and ")}, imported, required and run on Node ${NODES.join(", ")}, and compiled with TypeScript ${Object.keys(ALL_COMPILERS).toSorted().join(", ")}`,
);
