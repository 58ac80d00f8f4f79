import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ADAPTERS, MAY_IMPORT, ONE_IMPORTER, SHARED_PARTS } from "./layers.ts";
import type { Violation } from "./rules.ts";
import type { SourceFile } from "./source-file.ts";

const PLAN = "tools/check-layers/layers.ts";

/** Returns the statements of the plan that are not true: unknown packages, fenced libraries, unshared parts. */
export function planViolations(root: string, files: readonly SourceFile[]): readonly Violation[] {
  return [...unknownPackages(root), ...secondImporters(files), ...unsharedParts(root, files)];
}

function unknownPackages(root: string): readonly Violation[] {
  if (!existsSync(join(root, PLAN))) return [];
  return Object.keys(MAY_IMPORT)
    .filter((pack) => !existsSync(join(root, "packages", pack)))
    .map((pack) => ({
      path: PLAN,
      line: 1,
      rule: "plan",
      text: `there is no package ${pack}: delete its line`,
    }));
}

function secondImporters(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ isTest, inSource }) => !isTest && inSource !== undefined)
    .flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier, line }) => {
        const [library = ""] = specifier.split("/");
        const only = ONE_IMPORTER[library];
        if (only === undefined || only === path) return [];
        return [{ path, line, rule: "one-importer", text: `only ${only} may import ${library}` }];
      }),
    );
}

/** Checks only values: an application may need the type of an option that only one adapter has. */
function unsharedParts(root: string, files: readonly SourceFile[]): readonly Violation[] {
  const [pack, entryPoint] = SHARED_PARTS.replace("@waybill/", "").split("/");
  const path = `packages/${pack ?? ""}/src/${entryPoint ?? ""}.ts`;
  if (!existsSync(join(root, path))) return [];
  const users = new Map<string, Set<string>>();
  for (const file of files)
    if (ADAPTERS.includes(file.pack) && file.inSource !== undefined && !file.isTest)
      for (const name of importedFrom(readFileSync(join(root, file.path), "utf8")))
        users.set(name, (users.get(name) ?? new Set()).add(file.pack));
  return namesIn(readFileSync(join(root, path), "utf8"), /export \{([^}]*)\}/g)
    .filter((name) => (users.get(name)?.size ?? 0) < 2)
    .map((name) => ({
      path,
      line: 1,
      rule: "shared",
      text: `fewer than two adapters use ${name}: move it to the adapter that uses it`,
    }));
}

const importedFrom = (text: string): readonly string[] =>
  namesIn(text, /import \{([^}]*)\} from "@waybill\/core\/transport-kit"/g);

function namesIn(text: string, lists: RegExp): readonly string[] {
  return [...text.matchAll(lists)]
    .flatMap(([, list = ""]) => list.split(","))
    .map((name) => name.trim().replace(/ as .*/, ""))
    .filter((name) => name !== "" && !name.startsWith("type "));
}
