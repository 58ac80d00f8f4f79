import { spawnSync } from "node:child_process";

/** The versions of Node that are supported, the oldest of each line or one that stands for it. */
export const NODES: readonly string[] = ["20.19.0", "22.23.3", "24.21.0", "26.10.0"];

const found = new Map<string, string>();

/** The executable of a version of Node, taken from the package `node`. @throws Error when another one came instead */
export function nodeExecutable(version: string): string {
  const known = found.get(version);
  if (known !== undefined) return known;
  if (process.versions.node === version) return process.execPath;
  const show = 'console.log(process.versions.node + " " + process.execPath)';
  const { stdout } = spawnSync("npx", ["--yes", "-p", `node@${version}`, "--", "node", "-e", show], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  // Where an install script is not allowed to run, npx runs the wrong Node without a word.
  const [got, path] = (stdout ?? "").trim().split(" ");
  if (got !== version || path === undefined)
    throw new Error(
      `Node ${version} cannot be had: ${got === undefined || got === "" ? "nothing" : got} came instead`,
    );
  found.set(version, path);
  return path;
}
