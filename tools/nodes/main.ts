import { spawnSync } from "node:child_process";
import { NODES, nodeExecutable } from "../shared/nodes.ts";

/** Runs tests on all supported versions of Node: `npm run nodes -- packages/testing/scenarios/same-story`. */
const [, , ...tests] = process.argv;

let failed = 0;
for (const version of NODES) {
  console.log(`\nNode ${version}`);
  try {
    const args = ["node_modules/vitest/vitest.mjs", "run", ...tests];
    if (spawnSync(nodeExecutable(version), args, { stdio: "inherit" }).status !== 0) failed += 1;
  } catch (error) {
    console.error(String(error));
    failed += 1;
  }
}
console.log(`\n${NODES.length - failed} of ${NODES.length} versions of Node passed`);
process.exitCode = failed === 0 ? 0 : 1;
