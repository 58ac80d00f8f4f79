import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "../shared/files.ts";

interface Manifest {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** The possible targets of references in pages, collected once for all pages. */
export interface Repository {
  readonly root: string;
  /** Every file, relative to the root. */
  readonly files: readonly string[];
  /** First folders of paths: `packages`, `docs` ... */
  readonly folders: ReadonlySet<string>;
  /** npm scripts by package name; the empty name is the root. */
  readonly scripts: ReadonlyMap<string, ReadonlySet<string>>;
  /** `@waybill/core`, `@waybill/core/transport` ... */
  readonly entryPoints: ReadonlySet<string>;
}

/** Reads the repository at the root. */
export function readRepository(root: string): Repository {
  const files = filesBelow(root, "");
  const manifests = files
    .filter((file) => /^(?:[\w-]+\/){0,2}package\.json$/.test(file))
    .map((file) => ({ file, manifest: manifestAt(root, file) }));
  const scripts = manifests.map(({ file, manifest }) => {
    const name = file === "package.json" ? "" : (manifest.name ?? file);
    return [name, new Set(Object.keys(manifest.scripts ?? {}))] as const;
  });
  const entryPoints = manifests.flatMap(({ manifest: { name, exports = {} } }) =>
    name === undefined ? [] : [name, ...Object.keys(exports).map((entryPoint) => name + entryPoint.slice(1))],
  );
  const folders = files.filter((file) => file.includes("/")).map((file) => file.slice(0, file.indexOf("/")));
  return {
    root,
    files,
    folders: new Set(folders),
    scripts: new Map(scripts),
    entryPoints: new Set(entryPoints),
  };
}

function manifestAt(root: string, file: string): Manifest {
  return JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest;
}

/** Returns whether a file or folder exists. */
export function isThere({ root }: Repository, path: string): boolean {
  return existsSync(join(root, path));
}
