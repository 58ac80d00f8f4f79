import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive, ourselves, type Started } from "./processes.ts";

const PAUSE_MS = 100;
/** A lock whose owner has not written its name by then was left behind by somebody who died over it. */
const NAMELESS_MS = 5_000;

/** Runs `work` while no other process of this machine holds the lock at that path; one whose owner has died is broken. */
export async function locked<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(dirname(path), { recursive: true });
  let namelessMs = 0;
  while (!taken(path)) {
    const owner = ownerOf(path);
    namelessMs = owner === undefined ? namelessMs + PAUSE_MS : 0;
    const isLeft = owner === undefined ? namelessMs > NAMELESS_MS : !isAlive(owner);
    if (isLeft) breakOpen(path, owner);
    else await pause(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Making a folder is the one thing that only one of many can do. */
function taken(path: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(path, "owner"), JSON.stringify(ourselves()));
  return true;
}

/** Put aside first: another one may have broken it and hold it anew. */
function breakOpen(path: string, left: Started | undefined): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (ownerOf(aside)?.since === left?.since) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, path);
  } catch {
    // another one was faster
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
