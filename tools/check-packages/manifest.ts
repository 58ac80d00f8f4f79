import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import type { Package } from "../shared/packages.ts";

/** Returns the fields that a published manifest lacks: description, licence, Node version and provenance. */
export function manifestFindings(root: string, { folder }: Package): readonly Finding[] {
  const path = `packages/${folder}/package.json`;
  const manifest = JSON.parse(readFileSync(join(root, path), "utf8")) as {
    readonly description?: string;
    readonly license?: string;
    readonly engines?: { readonly node?: string };
    readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  };
  const { description, license, engines, publishConfig } = manifest;
  const missing: string[] = [];
  if (description === undefined) missing.push("has no description");
  if (license !== "MIT") missing.push("has no licence");
  if (engines?.node !== ">=20.19.0")
    missing.push("does not name its Node version: engines.node must be >=20.19.0");
  if (publishConfig?.access !== "public" || publishConfig.provenance !== true)
    missing.push(
      'must be published with provenance: "publishConfig": { "access": "public", "provenance": true }',
    );
  return missing.map((text) => ({ path, line: 1, text }));
}
