import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../shared/files.ts";

/** Everything the launcher keeps, ignored by git: what it downloaded, what runs, and what that wrote. */
export const HOME: string = join(ROOT, ".brokers");

/** Downloads outlive `down`: a second `up` needs no network. */
export const CACHE: string = join(HOME, "cache");

/** The folder of one instance, made if it is missing. */
export function instanceFolder(id: string): string {
  const folder = join(HOME, "run", id);
  mkdirSync(folder, { recursive: true });
  return folder;
}
