import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An entry point of a package. */
export interface EntryPoint {
  /** Its specifier: `@waybill/core/transport`. */
  readonly specifier: string;
  /** Its source file, relative to the root. */
  readonly file: string;
}

/** A package in `packages/`. */
export interface Package {
  /** Its folder: `core`. */
  readonly folder: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** Its peer dependencies and their versions. */
  readonly peers: Readonly<Record<string, string>>;
  /** The entry points of `exports`, without `package.json`. */
  readonly entryPoints: readonly EntryPoint[];
}

/** The export condition of the sources. */
const SOURCE = "@waybill/source";

/** Reads the manifests of all packages, sorted by folder. */
export function readPackages(root: string): readonly Package[] {
  return readdirSync(join(root, "packages"))
    .filter((folder) => existsSync(join(root, "packages", folder, "package.json")))
    .toSorted()
    .map((folder) => {
      const text = readFileSync(join(root, "packages", folder, "package.json"), "utf8");
      const manifest = JSON.parse(text) as {
        readonly name: string;
        readonly private?: boolean;
        readonly peerDependencies?: Readonly<Record<string, string>>;
        readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
      };
      const entryPoints = Object.entries(manifest.exports ?? {}).flatMap(([entryPoint, target]) => {
        const source = typeof target === "string" ? undefined : target[SOURCE];
        if (source === undefined) return [];
        return [
          { specifier: manifest.name + entryPoint.slice(1), file: `packages/${folder}/${source.slice(2)}` },
        ];
      });
      return {
        folder,
        name: manifest.name,
        isPrivate: manifest.private === true,
        peers: manifest.peerDependencies ?? {},
        entryPoints,
      };
    });
}
