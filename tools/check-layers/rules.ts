import { DOORS, FLOORS, MAY_IMPORT, RUNTIME_ROOM } from "./layers.ts";
import type { Import, SourceFile } from "./source-file.ts";

/** What is wrong where, and what to do about it. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly text: string;
}

type Rule = (file: SourceFile, imported: Import) => string | undefined;

/** Every rule about a single import; a text is a violation. */
export const RULES: Readonly<Record<string, Rule>> = {
  "own-package"({ pack }, { file, specifier }) {
    if (file === undefined || file.startsWith(`packages/${pack}/`)) return undefined;
    return `${specifier} leaves the package: import another package by its name`;
  },

  door({ path, inSource, isTest }, { file, specifier }) {
    if (file === undefined || inSource === undefined || isTest) return undefined;
    const root = path.slice(0, path.length - inSource.length);
    if (!DOORS.some((door) => file === root + door)) return undefined;
    // `transport.ts` is a door only where it stands beside core's index; an adapter's transport is a file like any other.
    if (file.endsWith("/transport.ts") && !file.startsWith("packages/core/")) return undefined;
    return `${specifier} is the package's own door: import the file that declares what you need`;
  },

  floor({ pack, inSource }, { file, specifier }) {
    if (pack !== "core" || inSource === undefined || file === undefined) return undefined;
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

/** Applies every rule to every import. */
export function violationsOf(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap((file) =>
    file.imports.flatMap((imported) =>
      Object.entries(RULES).flatMap(([rule, check]) => {
        const text = check(file, imported);
        return text === undefined ? [] : [{ path: file.path, line: imported.line, rule, text }];
      }),
    ),
  );
}
