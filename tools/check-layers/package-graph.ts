import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cyclesIn } from "./cycles.ts";
import type { Violation } from "./rules.ts";

const KINDS = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] as const;

/** Returns the dependency cycles of packages, devDependencies included: no build order exists for them. */
export function packageCycles(root: string): readonly Violation[] {
  const folder = join(root, "packages");
  const manifests = readdirSync(folder)
    .map((name) => `packages/${name}/package.json`)
    .filter((path) => existsSync(join(root, path)));
  const graph = new Map(manifests.map((path) => edgesOf(root, path)));
  return cyclesIn(graph, "package-cycle");
}

function edgesOf(
  root: string,
  path: string,
): readonly [string, readonly { to: string; path: string; line: number }[]] {
  const text = readFileSync(join(root, path), "utf8");
  const manifest = JSON.parse(text) as { name: string } & Partial<
    Record<(typeof KINDS)[number], Record<string, string>>
  >;
  const lines = text.split("\n");
  const names = KINDS.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
  const edges = names.map((to) => ({
    to,
    path,
    line: lines.findIndex((line) => line.includes(`"${to}"`)) + 1,
  }));
  return [manifest.name, edges];
}
