import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import type { Package } from "../shared/packages.ts";

/** A package in its published form. */
export interface Packed {
  readonly pack: Package;
  /** The path of the tarball. */
  readonly file: string;
  /** The unpacked size. */
  readonly bytes: number;
  /** The paths of its files. */
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

/** The files that every package must ship. */
const REQUIRED_FILES: readonly string[] = ["package.json", "README.md", "LICENSE"];

/** Returns the missing files and the unwanted files of a package. */
export function contentFindings({ pack: { folder }, contents }: Packed): readonly Finding[] {
  const missing = REQUIRED_FILES.filter((name) => !contents.includes(name)).map(
    (name) => `does not ship ${name}`,
  );
  const unwanted = contents
    .filter((path) => /\.test(-d)?\.|\.property\.|\.tsbuildinfo$/.test(path))
    .map((path) => `ships ${path}: exclude it in files`);
  return [...missing, ...unwanted].map((text) => ({
    path: `packages/${folder}/package.json`,
    line: 1,
    text,
  }));
}
