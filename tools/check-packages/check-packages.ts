import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import { nodeExecutable } from "../shared/nodes.ts";
import { readPackages } from "../shared/packages.ts";
import { sizeFindings } from "./install-size.ts";
import { manifestFindings } from "./manifest.ts";
import { contentFindings, packed, type Packed } from "./pack.ts";
import { readmeFindings } from "./readme.ts";
import { consumerFixture, type Compilers, type Manager } from "./fixture.ts";

/** A program that uses the packages. */
export interface Program {
  readonly file: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The checks that every package must pass. */
export interface PackageChecks {
  readonly programs: readonly Program[];
  /** Further packages of this repository that the programs import, by name. */
  readonly links: readonly string[];
  readonly managers: readonly Manager[];
  readonly compilers?: Compilers;
  /** The versions of Node. */
  readonly nodes: readonly string[];
  /**
   * Entry points whose declarations depend on faulty declarations of others, with the reason: these are loaded, not
   * compiled.
   */
  readonly unsound: Readonly<Record<string, string>>;
}

/**
 * Packs every built public package, installs the tarballs in an empty folder and loads, compiles and runs every entry
 * point.
 */
export function checkPackages(root: string, checks: PackageChecks): readonly Finding[] {
  const packages = readPackages(root).filter(({ isPrivate }) => !isPrivate);
  const folder = mkdtempSync(join(tmpdir(), "waybill-packed-"));
  try {
    const all = packages.map((pack) => packed(root, pack, folder));
    const programs = [
      { file: entryPointProgram(all, { folder, unsound: checks.unsound }) },
      ...checks.programs,
    ];
    const core = all.find(({ pack }) => pack.folder === "core");
    const adapters = all.filter(({ pack: { folder } }) => ADAPTERS.has(folder));
    return [
      ...all.flatMap(contentFindings),
      ...packages.flatMap((pack) => [...manifestFindings(root, pack), ...readmeFindings(root, pack)]),
      ...(core === undefined ? [] : adapters.flatMap((adapter) => sizeFindings(core, adapter))),
      ...checks.managers.flatMap((manager) => checkWith(manager, all, { ...checks, programs })),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The folders of the adapters. */
const ADAPTERS: ReadonlySet<string> = new Set(["memory", "rabbitmq", "nats", "kafka"]);

function checkWith(
  manager: Manager,
  all: readonly Packed[],
  { links, programs, nodes, compilers }: PackageChecks,
): readonly Finding[] {
  const fixture = consumerFixture(all, { manager, links, ...(compilers && { compilers }) });
  const found: Finding[] = [];
  const addFinding = (path: string, text: string | undefined, where: string = manager): void => {
    if (text !== undefined) found.push({ path, line: 1, text: `${where}: ${text}` });
  };
  try {
    for (const version of nodes) {
      const where = `${manager}, Node ${version}`;
      for (const { pack } of all)
        addFinding(
          `packages/${pack.folder}/package.json`,
          fixture.load(
            pack.entryPoints.map(({ specifier }) => specifier),
            nodeExecutable(version),
          ),
          where,
        );
    }
    for (const { file, options } of programs) {
      const failure = fixture.compile(file, options);
      addFinding(file, failure);
      if (failure === undefined)
        for (const version of nodes)
          addFinding(file, fixture.run(nodeExecutable(version)), `${manager}, Node ${version}`);
    }
    return found;
  } finally {
    fixture.remove();
  }
}

/** Writes a program that imports every entry point, so that the compiler checks all declarations. */
function entryPointProgram(
  all: readonly Packed[],
  { folder, unsound }: { readonly folder: string; readonly unsound: PackageChecks["unsound"] },
): string {
  const entryPoints = all
    .flatMap(({ pack }) => pack.entryPoints.map(({ specifier }) => specifier))
    .filter((specifier) => !Object.hasOwn(unsound, specifier));
  const imports = entryPoints.map(
    (specifier, at) => `import * as entryPoint${at} from ${JSON.stringify(specifier)};`,
  );
  const uses = entryPoints.map((_, at) => `entryPoint${at}`).join(", ");
  const file = join(folder, "entryPoints.ts");
  writeFileSync(file, `${imports.join("\n")}\nexport const entryPoints: readonly object[] = [${uses}];\n`);
  return file;
}
