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
import { strangerWith, type Compilers, type Manager } from "./stranger.ts";

/** A program that uses the packages. */
export interface Program {
  readonly file: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What a stranger does with the packages. */
export interface Visit {
  readonly programs: readonly Program[];
  /** What the programs need besides, by name. */
  readonly alongside: readonly string[];
  readonly managers: readonly Manager[];
  readonly compilers?: Compilers;
  /** Versions of Node. */
  readonly nodes: readonly string[];
  /** Doors whose declarations lean on some that are not sound by themselves, and why: they are loaded, not compiled. */
  readonly unsound: Readonly<Record<string, string>>;
}

/** Packs every built package that is published, installs the tarballs in an empty folder and goes through every entry point. */
export function checkPackages(root: string, visit: Visit): readonly Finding[] {
  const packages = readPackages(root).filter(({ isPrivate }) => !isPrivate);
  const folder = mkdtempSync(join(tmpdir(), "waybill-packed-"));
  try {
    const all = packages.map((pack) => packed(root, pack, folder));
    const programs = [
      { file: entryPointProgram(all, { folder, unsound: visit.unsound }) },
      ...visit.programs,
    ];
    const core = all.find(({ pack }) => pack.folder === "core");
    const adapters = all.filter(({ pack: { folder } }) => ADAPTERS.has(folder));
    return [
      ...all.flatMap(contentFindings),
      ...packages.flatMap((pack) => [...manifestFindings(root, pack), ...readmeFindings(root, pack)]),
      ...(core === undefined ? [] : adapters.flatMap((adapter) => sizeFindings(core, adapter))),
      ...visit.managers.flatMap((manager) => visitWith(manager, all, { ...visit, programs })),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The packages that stand between core and a broker. */
const ADAPTERS: ReadonlySet<string> = new Set(["memory", "rabbitmq", "nats", "kafka"]);

function visitWith(
  manager: Manager,
  all: readonly Packed[],
  { alongside, programs, nodes, compilers }: Visit,
): readonly Finding[] {
  const stranger = strangerWith(all, { manager, alongside, ...(compilers && { compilers }) });
  const found: Finding[] = [];
  const note = (path: string, text: string | undefined, where: string = manager): void => {
    if (text !== undefined) found.push({ path, line: 1, text: `${where}: ${text}` });
  };
  try {
    for (const version of nodes) {
      const where = `${manager}, Node ${version}`;
      for (const { pack } of all)
        note(
          `packages/${pack.folder}/package.json`,
          stranger.load(
            pack.entryPoints.map(({ specifier }) => specifier),
            nodeExecutable(version),
          ),
          where,
        );
    }
    for (const { file, options } of programs) {
      const wrong = stranger.compile(file, options);
      note(file, wrong);
      if (wrong === undefined)
        for (const version of nodes)
          note(file, stranger.run(nodeExecutable(version)), `${manager}, Node ${version}`);
    }
    return found;
  } finally {
    stranger.leave();
  }
}

/** A program that goes through every entry point, so that every declaration behind it is compiled. */
function entryPointProgram(
  all: readonly Packed[],
  { folder, unsound }: { readonly folder: string; readonly unsound: Visit["unsound"] },
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
