import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive, thisProcess, type Started } from "./processes.ts";

const PAUSE_MS = 100;
/** After this time, a lock without an owner's name counts as abandoned. */
const NAMELESS_MS = 5_000;

/**
 * Runs `work` while no other process of this machine holds the lock at that path. Breaks a lock whose owner has died.
 */
export async function locked<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(dirname(path), { recursive: true });
  let namelessMs = 0;
  while (!taken(path)) {
    const owner = ownerOf(path);
    namelessMs = owner === undefined ? namelessMs + PAUSE_MS : 0;
    const isAbandoned = owner === undefined ? namelessMs > NAMELESS_MS : !isAlive(owner);
    if (isAbandoned) breakLock(path, owner);
    else await pause(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Takes the lock if it is free, and returns whether it did. The lock is a folder, which only one process can create.
 */
function taken(path: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(path, "owner"), JSON.stringify(thisProcess()));
  return true;
}

/** Removes a lock whose owner has died. Renames it first: another process may have removed it and taken a new one. */
function breakLock(path: string, abandoned: Started | undefined): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (ownerOf(aside)?.since === abandoned?.since) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, path);
  } catch {
    // another process was faster
  }
}

function ownerOf(path: string): Started | undefined {
  try {
    const owner: unknown = JSON.parse(readFileSync(join(path, "owner"), "utf8"));
    return isStarted(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isStarted(value: unknown): value is Started {
  return typeof value === "object" && value !== null && "pid" in value && "since" in value;
}
