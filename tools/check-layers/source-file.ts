import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import ts from "typescript";

/** One import, export-from or dynamic import. */
export interface Import {
  /** As written. */
  readonly specifier: string;
  /** 1-based. */
  readonly line: number;
  /** The imported file relative to the root, for relative imports. */
  readonly file: string | undefined;
}

/** One source file of a package. */
export interface SourceFile {
  /** Relative to the root, with slashes: `packages/core/src/bus/bus.ts`. */
  readonly path: string;
  /** `core` */
  readonly pack: string;
  /** Relative to the package's `src`, or nothing for a file beside it: `bus/bus.ts`. */
  readonly inSource: string | undefined;
  /** Tests may import what their package's devDependencies allow; floors bind them too. */
  readonly isTest: boolean;
  readonly imports: readonly Import[];
}

const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "dist"]);

/** Reads all TypeScript files of `packages/`. */
export function sourceFiles(root: string): readonly SourceFile[] {
  return [...typescriptFiles(join(root, "packages"))]
    .map((file) => sourceFile(root, file))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function* typescriptFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* typescriptFiles(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

function sourceFile(root: string, file: string): SourceFile {
  const path = relative(root, file).split(sep).join("/");
  const [, pack = "", folder, ...rest] = path.split("/");
  const inSource = folder === "src" ? rest.join("/") : undefined;
  const isTest = /\.(test|test-d)\.ts$/.test(path);
  return { path, pack, inSource, isTest, imports: importsOf(path, readFileSync(file, "utf8")) };
}

function importsOf(path: string, text: string): readonly Import[] {
  const lines = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    specifier: fileName,
    line: lines.getLineAndCharacterOfPosition(pos).line + 1,
    file: fileName.startsWith(".") ? posix.join(dirname(path), fileName) : undefined,
  }));
}
