import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import type { Package } from "../shared/packages.ts";

/** A package as it would be published. */
export interface Packed {
  readonly pack: Package;
  /** The tarball. */
  readonly file: string;
  /** Unpacked. */
  readonly bytes: number;
  /** What is in it. */
  readonly contents: readonly string[];
}

/** Packs a built package into a folder. */
export function packed(root: string, pack: Package, into: string): Packed {
  const path = join(root, "packages", pack.folder);
  const output = execFileSync(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", into, path],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const [{ filename, files, unpackedSize }] = JSON.parse(output) as [
    {
      readonly filename: string;
      readonly files: readonly { readonly path: string }[];
      readonly unpackedSize: number;
    },
  ];
  return {
    pack,
    file: join(into, filename),
    bytes: unpackedSize,
    contents: files.map(({ path }) => path),
  };
}

/** What every package brings along. */
const NEEDED: readonly string[] = ["package.json", "README.md", "LICENSE"];

/** Files that a package lacks, and files that are nobody's business. */
export function contentFindings({ pack: { folder }, contents }: Packed): readonly Finding[] {
  const missing = NEEDED.filter((name) => !contents.includes(name)).map((name) => `ships no ${name}`);
  const unwanted = contents
    .filter((path) => /\.test(-d)?\.|\.property\.|\.tsbuildinfo$/.test(path))
    .map((path) => `ships ${path}: exclude it in files`);
  return [...missing, ...unwanted].map((text) => ({
    path: `packages/${folder}/package.json`,
    line: 1,
    text,
  }));
}
