import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";

/** A name of an entry point and its declaration. */
export interface ExportedName {
  readonly name: string;
  readonly kind: "value" | "type";
  /** The declaration without comments and bodies, as the consumer's compiler sees it. */
  readonly text: string;
}

/**
 * Returns all names of an entry point, sorted. Sources declare every exported type (isolatedDeclarations), so the
 * declarations of a file need only that file: no build, no type checker.
 * @throws for an export that cannot be followed, such as `export *`
 */
export function exportedNames(root: string, entryPoint: string): readonly ExportedName[] {
  const read = new Map<string, ts.SourceFile>();
  const declarationsOf = (file: string): ts.SourceFile => {
    const known = read.get(file) ?? declarations(file, readFileSync(join(root, file), "utf8"));
    read.set(file, known);
    return known;
  };
  const follow = (file: string, name: string): ts.Statement => {
    const source = declarationsOf(file);
    const found = exportsOf(source).find((other) => other.name === name);
    if (found === undefined) throw new Error(`${file} does not export ${name}`);
    return found.from === undefined
      ? found.statement
      : follow(posix.join(dirname(file), found.from), found.original);
  };
  return exportsOf(declarationsOf(entryPoint))
    .map(({ name, isType, ...exported }) => {
      const statement = follow(entryPoint, name);
      const isErased = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
      const text = printed(statement);
      const renamed = exported.original === name ? text : `// ${exported.original} as ${name}\n${text}`;
      return { name, kind: isType || isErased ? ("type" as const) : ("value" as const), text: renamed };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function declarations(file: string, text: string): ts.SourceFile {
  const { outputText } = ts.transpileDeclaration(text, {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ES2022, removeComments: true, stripInternal: true },
  });
  return ts.createSourceFile(file, outputText, ts.ScriptTarget.ES2022, true);
}

interface Exported {
  readonly name: string;
  /** The name at its declaration. */
  readonly original: string;
  readonly isType: boolean;
  /** The module specifier of a re-export. */
  readonly from: string | undefined;
  readonly statement: ts.Statement;
}

function exportsOf(source: ts.SourceFile): readonly Exported[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return declaredBy(statement);
    const { exportClause, moduleSpecifier } = statement;
    if (moduleSpecifier === undefined) return [];
    if (exportClause === undefined || !ts.isNamedExports(exportClause))
      throw new Error(`${source.fileName}: export * hides the names of the entry point; name each of them`);
    return exportClause.elements.map(({ name, propertyName, isTypeOnly }) => ({
      name: name.text,
      original: (propertyName ?? name).text,
      isType: statement.isTypeOnly || isTypeOnly,
      from: ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined,
      statement,
    }));
  });
}

function declaredBy(statement: ts.Statement): readonly Exported[] {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) !== true) return [];
  const exported = (name: string): Exported => ({
    name,
    original: name,
    isType: false,
    from: undefined,
    statement,
  });
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => exported(name.getText()));
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [exported(statement.name.text)] : [];
}

/** Removes `export declare` and private members, which no importer can use. */
function printed(statement: ts.Statement): string {
  const lines = statement.getText().split("\n");
  return lines
    .filter((line) => !/^\s+(?:private\b|#private)/.test(line))
    .join("\n")
    .replace(/^export (?:declare )?/, "");
}
