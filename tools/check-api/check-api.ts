import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../shared/finding.ts";
import type { Approved } from "./approved.ts";

/** Where the approved texts are kept. */
export const FOLDER = "api";

/** Approved texts that are not what the sources say, at the first line that differs, and files for nothing. */
export function differences(root: string, now: readonly Approved[]): readonly Finding[] {
  const folder = join(root, FOLDER);
  const approved = existsSync(folder) ? readdirSync(folder) : [];
  const changed = now.flatMap(({ file, text }): readonly Finding[] => {
    const path = `${FOLDER}/${file}`;
    if (!approved.includes(file)) return [{ path, line: 1, text: `is missing: ${UPDATE}` }];
    const line = firstDifference(readFileSync(join(folder, file), "utf8"), text);
    if (line === undefined) return [];
    const said = text.split("\n")[line - 1] ?? "the end";
    return [{ path, line, text: `the sources say "${said.trim()}": ${UPDATE}` }];
  });
  const unexpected = approved
    .filter((file) => !now.some((one) => one.file === file))
    .map((file) => ({
      path: `${FOLDER}/${file}`,
      line: 1,
      text: `there is no such entry point or list: ${UPDATE}`,
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

/** Accepts what the sources say. */
export function approve(root: string, now: readonly Approved[]): void {
  const folder = join(root, FOLDER);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { file, text } of now) writeFileSync(join(folder, file), text);
}
