import { readPackages, type Door } from "../shared/packages.ts";
import { passingThrough } from "./declarations.ts";

/** A text of `api/`: what passes through a door, or a list that others rely on. */
export interface Approved {
  /** Relative to `api/`. */
  readonly file: string;
  readonly text: string;
}

/** For every door the names, one a line, then the declaration of each. */
export function doorTexts(root: string): readonly Approved[] {
  return readPackages(root).flatMap(({ doors }) => doors.map((door) => doorText(root, door)));
}

function doorText(root: string, { specifier, file }: Door): Approved {
  const passing = passingThrough(root, file);
  const names = passing.map(({ kind, name }) => `${kind.padEnd(5)} ${name}`);
  const text = `${[names.join("\n"), ...passing.map((one) => one.text)].join("\n\n")}\n`;
  return { file: `${specifier.replace("@waybill/", "").replaceAll("/", ".")}.txt`, text };
}

/** How many names pass through each door. */
export function namesPerDoor(root: string): readonly { readonly door: Door; readonly names: number }[] {
  return readPackages(root).flatMap(({ doors }) =>
    doors.map((door) => ({ door, names: passingThrough(root, door.file).length })),
  );
}
