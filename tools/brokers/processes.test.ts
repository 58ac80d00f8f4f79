import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run } from "./install.ts";
import { hasExited, isAlive, thisProcess, signal, start, stop } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "waybill-processes-"));
const log = join(folder, "log");

/** Returns the live processes of a process group, without zombies. */
async function livingOf(group: number): Promise<readonly string[]> {
  const all = await run("ps", ["-A", "-o", "pgid=,state=,args="]);
  return all.split("\n").filter((line) => new RegExp(`^\\s*${group}\\s+[^Z]`).test(line));
}

describe("a started process", () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is identified by pid and start time, so a later process with the same pid is never signalled", async () => {
    const child = start({ command: "sleep", args: ["60"], log });
    const stale = { ...child, since: "another time" };
    expect(isAlive(child)).toBe(true);
    expect(isAlive(stale)).toBe(false);
    signal(stale, "SIGKILL");
    await stop(stale, 100);
    await setTimeout(100); // A signal takes a moment to arrive.
    expect(isAlive(child)).toBe(true);
    await stop(child, 5_000);
    expect(isAlive(child)).toBe(false);
  });

  it("is stopped with all its children, even if it ignores SIGTERM or is suspended", async () => {
    const stubborn = start({ command: "sh", args: ["-c", "trap '' TERM; sleep 60 & sleep 60 & wait"], log });
    await vi.waitFor(async () => expect(await livingOf(stubborn.pid)).toHaveLength(3), 5_000);
    await stop(stubborn, 200);
    expect(await hasExited(stubborn, 5_000)).toBe(true);
    await vi.waitFor(async () => expect(await livingOf(stubborn.pid)).toEqual([]), 5_000);

    const still = start({ command: "sleep", args: ["60"], log });
    signal(still, "SIGSTOP");
    await stop(still, 5_000);
    expect(isAlive(still)).toBe(false);
  });

  it("is stopped together with its orphaned children, even after its own end", async () => {
    const parent = start({ command: "sh", args: ["-c", "sleep 60 & sleep 60 & wait"], log });
    await vi.waitFor(async () => expect(await livingOf(parent.pid)).toHaveLength(3), 5_000);
    process.kill(parent.pid, "SIGKILL");
    expect(await hasExited(parent, 5_000)).toBe(true);
    expect(await livingOf(parent.pid)).toHaveLength(2);
    signal(parent, "SIGKILL");
    await vi.waitFor(async () => expect(await livingOf(parent.pid)).toEqual([]), 5_000);
  });

  it("reports at once that it cannot start", () => {
    expect(() => start({ command: join(folder, "nothing"), args: [], log })).toThrow("cannot start");
  });

  it("the current process is alive", () => expect(isAlive(thisProcess())).toBe(true));
});
