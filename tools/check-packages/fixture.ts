import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../shared/files.ts";
import type { Packed } from "./pack.ts";

/** An empty project with the tarballs installed; its methods return the failure, or `undefined`. */
export interface ConsumerFixture {
  readonly folder: string;
  /** Imports and requires entry points on one version of Node; both ways must return the same names, at least one. */
  load(specifiers: readonly string[], node?: string): string | undefined;
  /** Compiles a program and the declarations of its imports with each compiler. */
  compile(program: string, options?: Readonly<Record<string, unknown>>): string | undefined;
  /** Runs the program that was compiled last, on one version of Node. */
  run(node?: string): string | undefined;
  remove(): void;
}

/** The package manager: npm, or pnpm, which hides undeclared dependencies from a package. */
export type Manager = "npm" | "pnpm";

/** The last major version of pnpm that runs on Node 20. */
const PNPM = "pnpm@9.15.9";

export interface FixtureOptions {
  readonly manager?: Manager;
  /** Further packages of this repository that the programs import. */
  readonly links?: readonly string[];
  /** The compilers by the version of TypeScript. Default: the version of this repository. */
  readonly compilers?: Compilers;
}

export type Compilers = Readonly<Record<string, readonly [string, ...string[]]>>;

const OWN_COMPILER: Compilers = {
  "7": [process.execPath, join(ROOT, "node_modules/@typescript/native/bin/tsc")],
};

/**
 * The oldest version that compiles to ES modules and CommonJS alike, the last version in JavaScript, and our own,
 * whose output runs.
 */
export const ALL_COMPILERS: Compilers = {
  "5.9": ["npx", "--yes", "-p", "typescript@5.9.3", "--", "tsc"],
  "6": [process.execPath, join(ROOT, "node_modules/typescript/bin/tsc6")],
  ...OWN_COMPILER,
};

/** Installs the tarballs, and their dependencies from the registry. */
export function consumerFixture(
  packed: readonly Pick<Packed, "pack" | "file">[],
  { manager = "npm", links = [], compilers = OWN_COMPILER }: FixtureOptions = {},
): ConsumerFixture {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "waybill-consumer-")));
  const run = (command: string, ...args: readonly string[]): string | undefined => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", env: ENV });
    return status === 0 ? undefined : `${stdout}${stderr}`.trim();
  };
  const files = Object.fromEntries(packed.map(({ pack, file }) => [pack.name, `file:${file}`]));
  const manifest = {
    name: "consumer-fixture",
    private: true,
    type: "module",
    dependencies: Object.assign({}, files, ...packed.map(({ pack }) => pack.peers)) as object,
    ...(manager === "pnpm" ? { pnpm: { overrides: files } } : {}),
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const [command, ...args] = INSTALL[manager];
  const failure = run(command, ...args);
  if (failure !== undefined) {
    rmSync(folder, { recursive: true });
    throw new Error(`${manager} cannot install the tarballs\n${failure}`);
  }
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const name of links)
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name), "dir");

  return {
    folder,
    load(specifiers, node = process.execPath) {
      writeFileSync(join(folder, "load.cjs"), LOAD);
      return run(node, "load.cjs", ...specifiers);
    },
    compile(program, options = {}) {
      copyFileSync(program, join(folder, "main.ts"));
      const config = { compilerOptions: { ...OPTIONS, ...options }, files: ["main.ts"] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      for (const [version, [command, ...args]] of Object.entries(compilers)) {
        const failure = run(command, ...args, "-p", ".", "--pretty", "false");
        if (failure !== undefined) return `TypeScript ${version}: ${failure}`;
      }
      return undefined;
    },
    run: (node = process.execPath) => run(node, "main.js"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const INSTALL = {
  npm: ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent"],
  pnpm: [
    "npx",
    "--yes",
    "-p",
    PNPM,
    "--",
    "pnpm",
    "install",
    "--ignore-scripts",
    "--prefer-offline",
    "--silent",
  ],
} as const satisfies Readonly<Record<Manager, readonly [string, ...string[]]>>;

/** The environment without the condition that selects the sources: the tests use the published files. */
const ENV = { ...process.env, NODE_OPTIONS: "" };

const LOAD = `
const load = async (specifier) => {
  const required = require(specifier);
  const imported = await import(specifier);
  const names = Object.keys(imported).filter((name) => name !== "default" && name !== "module.exports");
  if (names.length === 0) throw new Error(specifier + " exports nothing");
  for (const name of names)
    if (required[name] !== imported[name]) throw new Error(specifier + " exports " + name + " differently to require and import");
};
(async () => {
  for (const specifier of process.argv.slice(2)) await load(specifier);
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`;

const OPTIONS = {
  target: "es2022",
  lib: ["es2023"],
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  types: ["node"],
  typeRoots: [join(ROOT, "node_modules/@types")],
};
