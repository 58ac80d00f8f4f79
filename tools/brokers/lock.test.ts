import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { locked } from "./lock.ts";

const folder = mkdtempSync(join(tmpdir(), "waybill-lock-"));

describe("a lock", () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("lets one caller in at a time, also after one has failed", async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await setImmediate();
      inside -= 1;
      throw new Error("failed inside");
    };
    const all = await Promise.allSettled(Array.from({ length: 4 }, () => locked(join(folder, "one"), work)));
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => "rejected"));
    expect(most).toBe(1);
  });

  it("is broken if its owner has died, even if another process has the owner's pid by now", async () => {
    const path = join(folder, "left");
    mkdirSync(path);
    writeFileSync(join(path, "owner"), JSON.stringify({ pid: process.pid, since: "long ago" }));
    await expect(locked(path, async () => "inside")).resolves.toBe("inside");
  });
});
