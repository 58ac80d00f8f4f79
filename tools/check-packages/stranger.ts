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

/** Somebody's empty project with our tarballs installed; its answers are what went wrong, or nothing. */
export interface Stranger {
  /** Imports and requires a door: both must give the same, and something. */
  load(specifier: string): string | undefined;
  /** Compiles a program with the declarations of everything it imports checked too, and runs it. */
  compileAndRun(program: string): string | undefined;
  leave(): void;
}

/** Installs the tarballs, with what they depend on from the registry, and `alongside` from this repository. */
export function strangerWith(tarballs: readonly string[], alongside: readonly string[] = []): Stranger {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "waybill-stranger-")));
  const run = (command: string, ...args: readonly string[]): string | undefined => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", env: ENV });
    return status === 0 ? undefined : `${stdout}${stderr}`.trim();
  };
  writeFileSync(join(folder, "package.json"), '{ "name": "stranger", "private": true, "type": "module" }');
  const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent"];
  const failure = run("npm", ...install, ...tarballs);
  if (failure !== undefined) {
    rmSync(folder, { recursive: true });
    throw new Error(`the tarballs cannot be installed\n${failure}`);
  }
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const name of alongside)
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name), "dir");

  return {
    load(specifier) {
      writeFileSync(join(folder, "load.cjs"), LOAD);
      return run(process.execPath, "load.cjs", specifier);
    },
    compileAndRun(program) {
      copyFileSync(program, join(folder, "main.ts"));
      const config = { compilerOptions: OPTIONS, files: ["main.ts"] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      const compiler = join(ROOT, "node_modules/@typescript/native/bin/tsc");
      return (
        run(process.execPath, compiler, "-p", ".", "--pretty", "false") ?? run(process.execPath, "main.js")
      );
    },
    leave: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Not the sources: what is published. */
const ENV = { ...process.env, NODE_OPTIONS: "" };

const LOAD = `
const specifier = process.argv[2];
const required = require(specifier);
import(specifier).then((imported) => {
  const names = Object.keys(imported).filter((name) => name !== "default" && name !== "module.exports");
  if (names.length === 0) throw new Error(specifier + " gives nothing");
  for (const name of names)
    if (required[name] !== imported[name]) throw new Error(specifier + " gives two different " + name);
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
