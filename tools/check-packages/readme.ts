import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import type { Package } from "../shared/packages.ts";

/** A package whose page does not lead through its first five minutes: how to install it, and a program that uses it. */
export function readmeFindings(root: string, { folder, name }: Package): readonly Finding[] {
  const path = `packages/${folder}/README.md`;
  const text = readFileSync(join(root, path), "utf8");
  const missing: string[] = [];
  if (!new RegExp(`^npm install .*${name}( |$)`, "m").test(text))
    missing.push(`says nowhere: npm install ${name}`);
  if (!text.includes("\n```ts\n")) missing.push("shows no program");
  return missing.map((text) => ({ path, line: 1, text }));
}
