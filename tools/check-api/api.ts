import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** One approved text: what passes through a door, or a list that others rely on. */
export interface Approved {
  /** Relative to `api/`. */
  readonly file: string;
  readonly text: string;
}

/** The names of every door of every package, with the declarations behind them, from the sources. */
export function doors(root: string): readonly Approved[] {
  return readdirSync(join(root, "packages")).flatMap((name) => {
    const path = join(root, "packages", name, "package.json");
    if (!existsSync(path)) return [];
    const { exports } = JSON.parse(readFileSync(path, "utf8")) as { exports: Record<string, unknown> };
    return Object.entries(exports).flatMap(([door, target]) => {
      const source =
        typeof target === "object" && target !== null ? Reflect.get(target, "@waybill/source") : undefined;
      if (typeof source !== "string") return [];
      const file = `${name}${door === "." ? "" : `.${door.slice(2).replaceAll("/", ".")}`}.txt`;
      return [{ file, text: namesOf(join(root, "packages", name, source)) }];
    });
  });
}

/** `value name` or `type name`, sorted by name: what `export { … } from` lists and what the door declares itself. */
function namesOf(file: string): string {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const names = source.statements.flatMap((statement) => {
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause !== undefined &&
      ts.isNamedExports(statement.exportClause)
    )
      return statement.exportClause.elements.map(
        ({ name, isTypeOnly }) => [name.text, statement.isTypeOnly || isTypeOnly ? "type" : "value"] as const,
      );
    if (ts.isVariableStatement(statement) && isExported(statement))
      return statement.declarationList.declarations.map(
        ({ name }) => [name.getText(source), "value"] as const,
      );
    if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && isExported(statement))
      return [[statement.name?.text ?? "default", "value"] as const];
    return [];
  });
  const lines = names
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, kind]) => `${kind.padEnd(5)} ${name}`);
  return `${lines.join("\n")}\n`;
}

function isExported(node: ts.HasModifiers): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** The error codes, the header names, and the steps of the two pipelines. */
export async function lists(root: string): Promise<readonly Approved[]> {
  const core = join(root, "packages/core/src");
  const codes = await load(join(core, "ground/error-codes.ts"), "ERROR_CODES");
  const headers = await load(join(core, "message/headers.ts"), "HEADER");
  const attributes = await load(join(core, "message/headers.ts"), "ATTRIBUTE");
  return [
    { file: "error-codes.txt", text: linesOf(Object.keys(codes)) },
    {
      file: "headers.txt",
      text: linesOf([...Object.values(headers), ...Object.values(attributes)].map(String)),
    },
  ];
}

async function load(file: string, name: string): Promise<Record<string, unknown>> {
  const loaded = (await import(file)) as Record<string, unknown>;
  return loaded[name] as Record<string, unknown>;
}

function linesOf(names: readonly string[]): string {
  return `${names.toSorted().join("\n")}\n`;
}

/** Everything under approval. */
export async function everything(root: string): Promise<readonly Approved[]> {
  return [...doors(root), ...(await lists(root))];
}

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));
