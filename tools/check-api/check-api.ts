import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import type { Approved } from "./approved.ts";

/** The folder of the approved texts. */
export const FOLDER = "api";

/**
 * Returns a finding for each approved text that differs from the sources, at its first different line, and for each
 * text without a source.
 */
export function differences(root: string, now: readonly Approved[]): readonly Finding[] {
  const folder = join(root, FOLDER);
  const approved = existsSync(folder) ? readdirSync(folder) : [];
  const changed = now.flatMap(({ file, text }): readonly Finding[] => {
    const path = `${FOLDER}/${file}`;
    if (!approved.includes(file)) return [{ path, line: 1, text: `is missing: ${UPDATE}` }];
    const line = firstDifference(readFileSync(join(folder, file), "utf8"), text);
    if (line === undefined) return [];
    const actual = text.split("\n")[line - 1] ?? "the end";
    return [{ path, line, text: `the sources say "${actual.trim()}": ${UPDATE}` }];
  });
  const unexpected = approved
    .filter((file) => !now.some((one) => one.file === file))
    .map((file) => ({
      path: `${FOLDER}/${file}`,
      line: 1,
      text: `no entry point or list has this text: ${UPDATE}`,
    }));
  return [...changed, ...unexpected];
}

const UPDATE = "if that is meant, run npm run api:update and commit the difference";

function firstDifference(before: string, after: string): number | undefined {
  if (before === after) return undefined;
  const [old, now] = [before.split("\n"), after.split("\n")];
  const at = now.findIndex((line, index) => line !== old[index]);
  return (at < 0 ? now.length : at) + 1;
}

/** Writes the texts of the sources as approved. */
export function approve(root: string, now: readonly Approved[]): void {
  const folder = join(root, FOLDER);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { file, text } of now) writeFileSync(join(folder, file), text);
}
