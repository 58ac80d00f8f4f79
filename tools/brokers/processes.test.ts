import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run } from "./install.ts";
import { gone, isAlive, ourselves, signal, start, stop } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "waybill-processes-"));
const log = join(folder, "log");

/** Who lives of a process group; one that is gone and that nobody has asked after does not. */
async function livingOf(group: number): Promise<readonly string[]> {
  const all = await run("ps", ["-A", "-o", "pgid=,state=,args="]);
  return all.split("\n").filter((line) => new RegExp(`^\\s*${group}\\s+[^Z]`).test(line));
}

describe("a process that we started", () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is known by its number and its start: another one of that number is never touched", async () => {
    const child = start({ command: "sleep", args: ["60"], log });
    const stale = { ...child, since: "another time" };
    expect(isAlive(child)).toBe(true);
    expect(isAlive(stale)).toBe(false);
    signal(stale, "SIGKILL");
    await stop(stale, 100);
    await setTimeout(100); // a signal takes a moment
    expect(isAlive(child)).toBe(true);
    await stop(child, 5_000);
    expect(isAlive(child)).toBe(false);
  });

  it("is stopped with all its children, also one that does not listen or stands still", async () => {
    const stubborn = start({ command: "sh", args: ["-c", "trap '' TERM; sleep 60 & sleep 60 & wait"], log });
    await vi.waitFor(async () => expect(await livingOf(stubborn.pid)).toHaveLength(3), 5_000);
    await stop(stubborn, 200);
    expect(await gone(stubborn, 5_000)).toBe(true);
    await vi.waitFor(async () => expect(await livingOf(stubborn.pid)).toEqual([]), 5_000);

    const still = start({ command: "sleep", args: ["60"], log });
    signal(still, "SIGSTOP");
    await stop(still, 5_000);
    expect(isAlive(still)).toBe(false);
  });

  it("that has died takes along what it has left behind", async () => {
    const parent = start({ command: "sh", args: ["-c", "sleep 60 & sleep 60 & wait"], log });
    await vi.waitFor(async () => expect(await livingOf(parent.pid)).toHaveLength(3), 5_000);
    process.kill(parent.pid, "SIGKILL");
    expect(await gone(parent, 5_000)).toBe(true);
    expect(await livingOf(parent.pid)).toHaveLength(2);
    signal(parent, "SIGKILL");
    await vi.waitFor(async () => expect(await livingOf(parent.pid)).toEqual([]), 5_000);
  });

  it("that cannot be started is told at once", () => {
    expect(() => start({ command: join(folder, "nothing"), args: [], log })).toThrow("cannot be started");
  });

  it("may be ourselves", () => expect(isAlive(ourselves())).toBe(true));
});
