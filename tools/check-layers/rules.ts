import type { Finding } from "../shared/finding.ts";
import { LAYERS, MAY_IMPORT, RUNTIME_FOLDER } from "./layers.ts";
import type { Import, SourceFile } from "./source-file.ts";

/** A finding and the rule behind it. */
export interface Violation extends Finding {
  readonly rule: string;
}

type Rule = (file: SourceFile, imported: Import, entryPoints: ReadonlySet<string>) => string | undefined;

/** The rules about a single import; a rule returns the text of its violation. */
const RULES: Readonly<Record<string, Rule>> = {
  "own-package"({ pack }, { file, specifier }) {
    if (file === undefined || file.startsWith(`packages/${pack}/`)) return undefined;
    return `${specifier} leaves the package: import another package by its name`;
  },

  "entry-point"({ pack, inSource, isTest }, { file, specifier }, entryPoints) {
    if (file === undefined || inSource === undefined || isTest) return undefined;
    const isOwnEntryPoint = entryPoints.has(file) && file.startsWith(`packages/${pack}/`);
    if (!isOwnEntryPoint && !file.endsWith("/index.ts")) return undefined;
    return `${specifier} is an entry point: import the file that declares what you need`;
  },

  layer({ pack, inSource, isTest }, { file, specifier }) {
    if (pack !== "core" || inSource === undefined || file === undefined || isTest) return undefined;
    const [from, to] = [folderOf(inSource), folderOf(file.slice("packages/core/src/".length))];
    if (from === to || from === undefined || to === undefined) return undefined;
    const [below, above] = [LAYERS[to], LAYERS[from]];
    if (below === undefined || above === undefined)
      return `folder ${below === undefined ? to : from} has no layer: add it to layers.ts`;
    if (below < above) return undefined;
    return `${from} (layer ${above}) imports ${specifier} of ${to} (layer ${below}): depend downwards only`;
  },

  node({ pack, inSource, isTest }, { specifier }) {
    if (pack !== "core" || inSource === undefined || isTest || !specifier.startsWith("node:"))
      return undefined;
    if (folderOf(inSource) === RUNTIME_FOLDER) return undefined;
    return `${specifier} is imported outside ${RUNTIME_FOLDER}/: move the code that needs it there`;
  },

  package({ pack, inSource, isTest }, { specifier }) {
    const isOurs = specifier.startsWith("@waybill/");
    if (!isOurs || inSource === undefined || isTest) return undefined;
    const allowed = MAY_IMPORT[pack];
    if (allowed === undefined) return `package ${pack} is unknown: add it to layers.ts`;
    if (allowed.includes(specifier)) return undefined;
    return `${pack} may not import ${specifier}${allowed.length === 0 ? "" : `, only ${allowed.join(" and ")}`}`;
  },
};

/** Returns the first folder below `src`, or undefined for a file in `src` itself. */
function folderOf(inSource: string): string | undefined {
  const [folder, ...rest] = inSource.split("/");
  return rest.length === 0 ? undefined : folder;
}

/** Applies every rule to every import, and finds exports without names. */
export function violationsOf(files: readonly SourceFile[]): readonly Violation[] {
  const entryPoints = new Set(files.filter(({ isEntryPoint }) => isEntryPoint).map(({ path }) => path));
  return files.flatMap((file) => [
    ...file.stars.map((line) => ({ path: file.path, line, rule: "star", text: STAR })),
    ...file.imports.flatMap((imported) => brokenBy(file, imported, entryPoints)),
  ]);
}

const STAR = "export * hides the exported names: name them";

function brokenBy(
  file: SourceFile,
  imported: Import,
  entryPoints: ReadonlySet<string>,
): readonly Violation[] {
  return Object.entries(RULES).flatMap(([rule, check]) => {
    const text = check(file, imported, entryPoints);
    return text === undefined ? [] : [{ path: file.path, line: imported.line, rule, text }];
  });
}
