import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";
import { filesBelow } from "../shared/files.ts";
import { readPackages } from "../shared/packages.ts";

/** An import, an export-from or a dynamic import. */
export interface Import {
  /** The specifier as the file writes it. */
  readonly specifier: string;
  /** The line, 1-based. */
  readonly line: number;
  /** The imported file relative to the root, for relative imports. */
  readonly file: string | undefined;
}

/** One source file of a package. */
export interface SourceFile {
  /** Relative to the root, with slashes: `packages/core/src/bus/bus.ts`. */
  readonly path: string;
  /** The folder of the package: `core`. */
  readonly pack: string;
  /** The path below the package's `src`, such as `bus/bus.ts`; undefined outside of `src`. */
  readonly inSource: string | undefined;
  /** Whether the file is a test: no other file imports it, so it may import more. */
  readonly isTest: boolean;
  readonly imports: readonly Import[];
  /** Lines of `export * from`, 1-based. */
  readonly stars: readonly number[];
  /** Whether the package's `exports` names this file. */
  readonly isEntryPoint: boolean;
}

/** Reads all TypeScript files of `packages/`. */
export function sourceFiles(root: string): readonly SourceFile[] {
  const entryPoints = new Set(readPackages(root).flatMap((pack) => pack.entryPoints.map(({ file }) => file)));
  return filesBelow(join(root, "packages"), ".ts").map((below) => {
    const path = `packages/${below}`;
    const [, pack = "", folder, ...rest] = path.split("/");
    const text = readFileSync(join(root, path), "utf8");
    return {
      path,
      pack,
      inSource: folder === "src" ? rest.join("/") : undefined,
      isTest: /\.(test|test-d)\.ts$/.test(path),
      isEntryPoint: entryPoints.has(path),
      ...parsed(path, text),
    };
  });
}

function parsed(path: string, text: string): Pick<SourceFile, "imports" | "stars"> {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    specifier: fileName,
    line: lineAt(pos),
    file: fileName.startsWith(".") ? posix.join(dirname(path), fileName) : undefined,
  }));
  const stars = source.statements
    .filter((statement) => ts.isExportDeclaration(statement) && !isNamed(statement))
    .map((statement) => lineAt(statement.getStart(source)));
  return { imports, stars };
}

function isNamed({ exportClause }: ts.ExportDeclaration): boolean {
  return exportClause !== undefined && ts.isNamedExports(exportClause);
}
