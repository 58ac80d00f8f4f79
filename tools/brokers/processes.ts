import { execFileSync, spawn } from "node:child_process";
import { openSync, readFileSync, closeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** A process that was started here, identified so that no later process with the same pid is mistaken for it. */
export interface Started {
  readonly pid: number;
  /** The start time, as the system prints it. */
  readonly since: string;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The log file to which its output is appended. */
  readonly log: string;
  /** The user to run as: some servers refuse to run as root. */
  readonly uid?: number;
}

/**
 * Starts a program in a process group of its own, so that it outlives this process and can be stopped with all its
 * children.
 */
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
  child.on("error", () => undefined); // The wait for the broker reports this failure, together with the log.
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${command}`);
  return { pid, since: startOf(pid) ?? "" };
}

/** Returns the identity of this process. */
export function thisProcess(): Started {
  return { pid: process.pid, since: startOf(process.pid) ?? "" };
}

/** Returns whether the process still runs: a process with this pid and this start time. */
export function isAlive({ pid, since }: Started): boolean {
  return since !== "" && startOf(pid) === since;
}

/**
 * Sends a signal to the process and all its children, including orphaned ones: the system does not reuse a pid while a
 * process group has it. Does nothing if all have ended, or if the pid belongs to another process.
 */
export function signal(started: Started, name: NodeJS.Signals): void {
  const present = startOf(started.pid);
  if (present !== undefined && present !== started.since) return;
  try {
    process.kill(-started.pid, name);
  } catch {
    // the process ended between the check and the signal
  }
}

/** Sends a signal to the process alone. */
export function signalOne(started: Started, name: NodeJS.Signals): void {
  if (isAlive(started)) process.kill(started.pid, name);
}

/** Suspends the process and waits for it: SIGSTOP reaches all its threads a little later. */
export async function suspend(started: Started): Promise<void> {
  signal(started, "SIGSTOP");
  while (isAlive(started) && stateOf(started.pid) !== "T") await pause(5);
}

/** Waits until the process has ended; returns false if it still runs after this many milliseconds. */
export async function hasExited(started: Started, timeoutMs: number): Promise<boolean> {
  const last = Date.now() + timeoutMs;
  while (isAlive(started)) {
    if (Date.now() > last) return false;
    await pause(25);
  }
  return true;
}

/** Sends SIGTERM, and SIGKILL if the process does not end in time. */
export async function stop(started: Started, timeoutMs: number): Promise<void> {
  signal(started, "SIGCONT");
  signalOne(started, "SIGTERM");
  await hasExited(started, timeoutMs);
  signal(started, "SIGKILL");
  await hasExited(started, timeoutMs);
}

/** Returns the state letter of `ps`: `T` for a suspended process. */
function stateOf(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).trim()[0];
  } catch {
    return undefined;
  }
}

/**
 * Returns the start time of a process: field 22 of `/proc/PID/stat` on Linux (proc(5)), the output of `ps` elsewhere.
 */
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
