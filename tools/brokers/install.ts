import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { locked } from "./lock.ts";

/**
 * Makes a folder once: in a place beside it, and only whole things get their name. What was left half made is never
 * taken for it, and two that make it at once do not disturb each other.
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
 * For what cannot be moved afterwards: the folder is made in place, by one process at a time, and a mark says when it is
 * whole. What is half made is made anew.
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

/** The first thing in a folder whose path below it looks like this. @throws when there is none */
export function found(folder: string, pattern: RegExp): string {
  const path = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((each) => pattern.test(each));
  if (path === undefined) throw new Error(`${folder} holds nothing like ${pattern}: remove it and try again`);
  return join(folder, path);
}

const execute = promisify(execFile);

/** Runs a tool of the machine to its end; its output is the error when it fails. */
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

/** Whether a program is on the path. */
export async function has(command: string): Promise<boolean> {
  return run("sh", ["-c", `command -v "$0"`, command]).then(
    () => true,
    () => false,
  );
}
