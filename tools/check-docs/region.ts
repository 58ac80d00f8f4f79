import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The source of a fence: `path/to/file.ts` or `path/to/file.ts#region`. */
export interface Source {
  readonly path: string;
  readonly region: string | undefined;
}

/** Parses an include comment; returns undefined for another comment. */
export function sourceOf(comment: string): Source | undefined {
  const [, path, region] = /^include: ([^\s#]+)(?:#(\S+))?$/.exec(comment) ?? [];
  return path === undefined ? undefined : { path, region };
}

/** Returns the lines of a source, dedented and without region markers, or the text of an error. */
export function linesOf(root: string, { path, region }: Source): readonly string[] | string {
  if (!existsSync(join(root, path))) return `${path} does not exist`;
  const all = readFileSync(join(root, path), "utf8").trimEnd().split("\n");
  if (region === undefined) return all.filter((line) => !MARKER.test(line));
  const start = all.findIndex((line) => nameOf(line, "region") === region);
  if (start < 0) return `${path} has no line "// #region ${region}"`;
  const length = all.slice(start + 1).findIndex((line) => nameOf(line, "endregion") === region);
  if (length < 0) return `${path} has no line "// #endregion ${region}"`;
  return dedented(all.slice(start + 1, start + 1 + length).filter((line) => !MARKER.test(line)));
}

const MARKER = /^\s*(?:\/\/|#|<!--) ?#(region|endregion) (\S+)(?: -->)?\s*$/;

function nameOf(line: string, kind: "region" | "endregion"): string | undefined {
  const [, found, name] = MARKER.exec(line) ?? [];
  return found === kind ? name : undefined;
}

function dedented(lines: readonly string[]): readonly string[] {
  const margins = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  return lines.map((line) => line.slice(margin));
}
