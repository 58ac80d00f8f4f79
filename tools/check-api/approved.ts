import { readPackages, type EntryPoint } from "../shared/packages.ts";
import { exportedNames } from "./declarations.ts";

/** A text of `api/`: the names of an entry point, or a list that others rely on. */
export interface Approved {
  /** The file, relative to `api/`. */
  readonly file: string;
  readonly text: string;
}

/** Returns a text for each entry point: its names, one a line, then their declarations. */
export function entryPointTexts(root: string): readonly Approved[] {
  return readPackages(root).flatMap(({ entryPoints }) =>
    entryPoints.map((entryPoint) => entryPointText(root, entryPoint)),
  );
}

function entryPointText(root: string, { specifier, file }: EntryPoint): Approved {
  const exported = exportedNames(root, file);
  const names = exported.map(({ kind, name }) => `${kind.padEnd(5)} ${name}`);
  const text = `${[names.join("\n"), ...exported.map((one) => one.text)].join("\n\n")}\n`;
  return { file: `${specifier.replace("@waybill/", "").replaceAll("/", ".")}.txt`, text };
}

/** Returns the number of names of each entry point. */
export function namesPerEntryPoint(
  root: string,
): readonly { readonly entryPoint: EntryPoint; readonly names: number }[] {
  return readPackages(root).flatMap(({ entryPoints }) =>
    entryPoints.map((entryPoint) => ({ entryPoint, names: exportedNames(root, entryPoint.file).length })),
  );
}
