import { spawnSync } from "node:child_process";

/** The supported versions of Node, one of each line. */
export const NODES: readonly string[] = ["20.19.0", "22.23.3", "24.21.0", "26.10.0"];

const found = new Map<string, string>();

/** Returns the executable of a version of Node, from the npm package `node`. @throws if npx runs another version */
export function nodeExecutable(version: string): string {
  const known = found.get(version);
  if (known !== undefined) return known;
  if (process.versions.node === version) return process.execPath;
  const show = 'console.log(process.versions.node + " " + process.execPath)';
  const { stdout } = spawnSync("npx", ["--yes", "-p", `node@${version}`, "--", "node", "-e", show], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  // Where npm does not run install scripts, npx silently runs the wrong Node.
  const [got, path] = (stdout ?? "").trim().split(" ");
  if (got !== version || path === undefined)
    throw new Error(
      `Node ${version} cannot be installed: npx runs ${got === undefined || got === "" ? "nothing" : got} instead`,
    );
  found.set(version, path);
  return path;
}
