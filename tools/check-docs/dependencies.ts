import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "../shared/files.ts";
import type { Finding } from "../shared/finding.ts";

/** The page with a reason for each dependency. */
const PAGE = "CONTRIBUTING.md";
const KINDS = ["dependencies", "devDependencies"] as const;

/** Returns the dependencies of all manifests that have no reason in the page, or another version there. */
export function unexplainedDependencies(root: string): readonly Finding[] {
  const rows = readFileSync(join(root, PAGE), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return manifests(root).flatMap((path) => {
    const lines = readFileSync(join(root, path), "utf8").split("\n");
    return dependenciesOf(lines.join("\n")).flatMap(({ name, version }) => {
      if (rows.some((row) => row.includes(`\`${name}\``) && row.includes(version))) return [];
      const line = lines.findIndex((text) => text.includes(`"${name}"`)) + 1;
      return [{ path, line, text: `${name} ${version} has no line with its reason in ${PAGE}` }];
    });
  });
}

function manifests(root: string): readonly string[] {
  return filesBelow(root, "package.json").filter((path) => /^(?:[\w-]+\/){0,2}package\.json$/.test(path));
}

function dependenciesOf(manifest: string): readonly { readonly name: string; readonly version: string }[] {
  const parsed = JSON.parse(manifest) as Partial<Record<(typeof KINDS)[number], Record<string, string>>>;
  return KINDS.flatMap((kind) => Object.entries(parsed[kind] ?? {}))
    .filter(([name]) => !name.startsWith("@waybill/"))
    .map(([name, range]) => ({ name, version: range.slice(range.lastIndexOf("@") + 1) }));
}
