import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Everything that runs and what it wrote, ignored by git; elsewhere for tests of the launcher itself. */
export const HOME: string =
  process.env["WAYBILL_BROKERS_HOME"] ?? fileURLToPath(new URL("../../.brokers", import.meta.url));

/** Downloads outlive `down`, and serve every checkout of this user. */
export const CACHE: string = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "waybill-brokers",
);

/** The folder of one instance, made if it is missing. */
export function instanceFolder(id: string): string {
  const folder = join(HOME, "run", id);
  mkdirSync(folder, { recursive: true });
  return folder;
}
