import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of running brokers and their logs, which git ignores; tests of the launcher use another one. */
export const HOME: string =
  process.env["WAYBILL_BROKERS_HOME"] ?? fileURLToPath(new URL("../../.brokers", import.meta.url));

/** Downloads stay after `down` and are shared by all checkouts of the user. */
export const CACHE: string = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "waybill-brokers",
);

/** Returns the folder of an instance and creates it if it is missing. */
export function instanceFolder(id: string): string {
  const folder = join(HOME, "run", id);
  mkdirSync(folder, { recursive: true });
  return folder;
}
