import { spawnSync } from "node:child_process";

/** Runs tests on other versions of Node, taken from the package `node`: `npm run nodes -- packages/testing/scenarios/same-story`. */
const VERSIONS = ["20.19.0", "22.23.3", "24.21.0", "26.10.0"];
const [, , ...tests] = process.argv;

function on(
  version: string,
  args: readonly string[],
  stdio: "pipe" | "inherit",
): { status: number; text: string } {
  const { status, stdout } = spawnSync("npx", ["--yes", "-p", `node@${version}`, "--", "node", ...args], {
    encoding: "utf8",
    stdio: ["ignore", stdio, "inherit"],
  });
  return { status: status ?? 1, text: stdout ?? "" };
}

let failed = 0;
for (const version of VERSIONS) {
  const got = on(version, ["-p", "process.versions.node"], "pipe").text.trim();
  if (got !== version) {
    console.error(`Node ${version} cannot be had: ${got === "" ? "nothing" : got} came instead`);
    failed += 1;
    continue;
  }
  console.log(`\nNode ${version}`);
  if (on(version, ["node_modules/vitest/vitest.mjs", "run", ...tests], "inherit").status !== 0) failed += 1;
}
console.log(`\n${VERSIONS.length - failed} of ${VERSIONS.length} versions of Node passed`);
process.exitCode = failed === 0 ? 0 : 1;
