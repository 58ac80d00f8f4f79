import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "./install.ts";
import { gone, isAlive, ourselves, signal, start, stop } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "waybill-processes-"));
const log = join(folder, "log");

async function childrenOf(pid: number): Promise<readonly string[]> {
  const pids = await run("ps", ["-o", "pid=", "-g", String(pid)]).catch(() => "");
  return pids.split("\n").filter((line) => line.trim() !== "");
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
    expect(isAlive(child)).toBe(true);
    await stop(child, 5_000);
    expect(isAlive(child)).toBe(false);
  });

  it("is stopped with all its children, also one that does not listen or stands still", async () => {
    const stubborn = start({ command: "sh", args: ["-c", "trap '' TERM; sleep 60 & sleep 60 & wait"], log });
    await stop(stubborn, 200);
    expect(await gone(stubborn, 5_000)).toBe(true);
    expect(await childrenOf(stubborn.pid)).toEqual([]);

    const still = start({ command: "sleep", args: ["60"], log });
    signal(still, "SIGSTOP");
    await stop(still, 5_000);
    expect(isAlive(still)).toBe(false);
  });

  it("that cannot be started is told at once", () => {
    expect(() => start({ command: join(folder, "nothing"), args: [], log })).toThrow("cannot be started");
  });

  it("may be ourselves", () => expect(isAlive(ourselves())).toBe(true));
});
