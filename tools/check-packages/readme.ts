import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import type { Package } from "../shared/packages.ts";

/** Returns the gaps of a package's README: it must contain the install command and a program. */
export function readmeFindings(root: string, { folder, name }: Package): readonly Finding[] {
  const path = `packages/${folder}/README.md`;
  const text = readFileSync(join(root, path), "utf8");
  const missing: string[] = [];
  if (!new RegExp(`^npm install .*${name}( |$)`, "m").test(text))
    missing.push(`does not contain: npm install ${name}`);
  if (!text.includes("\n```ts\n")) missing.push("contains no program");
  return missing.map((text) => ({ path, line: 1, text }));
}
