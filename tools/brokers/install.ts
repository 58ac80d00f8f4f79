import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { locked } from "./lock.ts";

/**
 * Creates a folder once. `make` writes into a temporary folder beside it, which gets the final name when it is
 * complete. Partly made folders are never used, and two processes may call this at the same time.
 */
export async function install(folder: string, make: (into: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  try {
    await make(draft);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/**
 * Creates a folder that cannot be renamed afterwards: one process at a time makes it in place, and a mark file shows
 * that it is complete. A partly made folder is made again.
 */
export async function installInPlace(folder: string, make: (into: string) => Promise<void>): Promise<string> {
  const whole = join(folder, ".whole");
  if (existsSync(whole)) return folder;
  return locked(`${folder}.lock`, async () => {
    if (existsSync(whole)) return folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await make(folder);
    mkdirSync(whole);
    return folder;
  });
}

/** Returns the first entry of a folder that matches the pattern. @throws if there is none */
export function found(folder: string, pattern: RegExp): string {
  const path = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((each) => pattern.test(each));
  if (path === undefined)
    throw new Error(`${folder} has no entry like ${pattern}: delete the folder and try again`);
  return join(folder, path);
}

const execute = promisify(execFile);

/** Runs a program to its end and returns its output. @throws with its error output if it fails */
export async function run(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly uid?: number;
  } = {},
): Promise<string> {
  try {
    const { stdout } = await execute(command, args, {
      ...options,
      env: { ...process.env, ...options.env },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { message, stderr } = error as Error & { readonly stderr?: string };
    throw new Error(stderr === undefined || stderr === "" ? message : stderr.trim().slice(-2_000), {
      cause: error,
    });
  }
}

/** Returns whether a program is on the path. */
export async function has(command: string): Promise<boolean> {
  return run("sh", ["-c", `command -v "$0"`, command]).then(
    () => true,
    () => false,
  );
}
