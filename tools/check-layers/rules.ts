import type { Finding } from "../shared/finding.ts";
import { FLOORS, MAY_IMPORT, RUNTIME_ROOM } from "./layers.ts";
import type { Import, SourceFile } from "./source-file.ts";

/** A finding and the rule behind it. */
export interface Violation extends Finding {
  readonly rule: string;
}

type Rule = (file: SourceFile, imported: Import, doors: ReadonlySet<string>) => string | undefined;

/** Every rule about a single import; a text is a violation. */
const RULES: Readonly<Record<string, Rule>> = {
  "own-package"({ pack }, { file, specifier }) {
    if (file === undefined || file.startsWith(`packages/${pack}/`)) return undefined;
    return `${specifier} leaves the package: import another package by its name`;
  },

  door({ pack, inSource, isTest }, { file, specifier }, doors) {
    if (file === undefined || inSource === undefined || isTest) return undefined;
    const isOwnDoor = doors.has(file) && file.startsWith(`packages/${pack}/`);
    if (!isOwnDoor && !file.endsWith("/index.ts")) return undefined;
    return `${specifier} is a door: import the file that declares what you need`;
  },

  floor({ pack, inSource, isTest }, { file, specifier }) {
    if (pack !== "core" || inSource === undefined || file === undefined || isTest) return undefined;
    const [from, to] = [roomOf(inSource), roomOf(file.slice("packages/core/src/".length))];
    if (from === to || from === undefined || to === undefined) return undefined;
    const [below, above] = [FLOORS[to], FLOORS[from]];
    if (below === undefined || above === undefined)
      return `room ${below === undefined ? to : from} stands on no floor: add it to layers.ts`;
    if (below < above) return undefined;
    return `${from} (floor ${above}) imports ${specifier} of ${to} (floor ${below}): depend downwards only`;
  },

  node({ pack, inSource, isTest }, { specifier }) {
    if (pack !== "core" || inSource === undefined || isTest || !specifier.startsWith("node:"))
      return undefined;
    if (roomOf(inSource) === RUNTIME_ROOM) return undefined;
    return `${specifier} is imported outside ${RUNTIME_ROOM}/: put what needs it there`;
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

/** The first folder below `src`; nothing for a door. */
function roomOf(inSource: string): string | undefined {
  const [room, ...rest] = inSource.split("/");
  return rest.length === 0 ? undefined : room;
}

/** Applies every rule to every import, and looks for what passes unnamed. */
export function violationsOf(files: readonly SourceFile[]): readonly Violation[] {
  const doors = new Set(files.filter(({ isDoor }) => isDoor).map(({ path }) => path));
  return files.flatMap((file) => [
    ...file.stars.map((line) => ({ path: file.path, line, rule: "star", text: STAR })),
    ...file.imports.flatMap((imported) => brokenBy(file, imported, doors)),
  ]);
}

const STAR = "export * hides what passes: name it";

function brokenBy(file: SourceFile, imported: Import, doors: ReadonlySet<string>): readonly Violation[] {
  return Object.entries(RULES).flatMap(([rule, check]) => {
    const text = check(file, imported, doors);
    return text === undefined ? [] : [{ path: file.path, line: imported.line, rule, text }];
  });
}
