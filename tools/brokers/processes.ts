import { execFileSync, spawn } from "node:child_process";
import { openSync, readFileSync, closeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** A process that we started, so that no other process of the same number is ever taken for it. */
export interface Started {
  readonly pid: number;
  /** When it started, in the words of the system. */
  readonly since: string;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Where its output goes, appended. */
  readonly log: string;
  /** Runs as another user: some servers refuse to run as root. */
  readonly uid?: number;
}

/** Starts a program in a process group of its own, so that it outlives us and can be stopped with all its children. */
export function start({ command, args, env, cwd, log, uid }: Program): Started {
  const output = openSync(log, "a");
  const child = spawn(command, args, {
    cwd,
    uid,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.on("error", () => undefined); // told by what waits for the broker, with the log
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} cannot be started`);
  return { pid, since: startOf(pid) ?? "" };
}

/** This process, as others can recognise it. */
export function ourselves(): Started {
  return { pid: process.pid, since: startOf(process.pid) ?? "" };
}

/** Whether it still runs: a process of that number which started at that time. */
export function isAlive({ pid, since }: Started): boolean {
  return since !== "" && startOf(pid) === since;
}

/**
 * Sends a signal to it and all its children, also to those that it has left behind: a number is not given away while a
 * group has it. Harmless once all are gone, and where another process has the number.
 */
export function signal(started: Started, name: NodeJS.Signals): void {
  const present = startOf(started.pid);
  if (present !== undefined && present !== started.since) return;
  try {
    process.kill(-started.pid, name);
  } catch {
    // gone between the question and the signal
  }
}

/** Sends a signal to it alone. */
export function signalOne(started: Started, name: NodeJS.Signals): void {
  if (isAlive(started)) process.kill(started.pid, name);
}

/** Stands still from now on: SIGSTOP reaches all of a process's threads a little later. */
export async function halt(started: Started): Promise<void> {
  signal(started, "SIGSTOP");
  while (isAlive(started) && stateOf(started.pid) !== "T") await pause(5);
}

/** Waits until it is gone. False when it is still there after so many milliseconds. */
export async function gone(started: Started, patienceMs: number): Promise<boolean> {
  const last = Date.now() + patienceMs;
  while (isAlive(started)) {
    if (Date.now() > last) return false;
    await pause(25);
  }
  return true;
}

/** Asks it to stop, and makes it when it does not. */
export async function stop(started: Started, patienceMs: number): Promise<void> {
  signal(started, "SIGCONT");
  signalOne(started, "SIGTERM");
  await gone(started, patienceMs);
  signal(started, "SIGKILL");
  await gone(started, patienceMs);
}

/** One letter, as `ps` has it: `T` for stopped. */
function stateOf(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).trim()[0];
  } catch {
    return undefined;
  }
}

/** `/proc/PID/stat` field 22 on Linux (proc(5)), `ps` elsewhere. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : fields[18];
  } catch {
    if (process.platform === "linux") return undefined;
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}
