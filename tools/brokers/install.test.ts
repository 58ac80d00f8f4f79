import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { found, has, install, installInPlace, run } from "./install.ts";

let home = "";
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "waybill-install-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function fill(into: string): Promise<void> {
  await setImmediate();
  writeFileSync(join(into, "program"), "whole");
}

describe.each([
  ["install", install],
  ["installInPlace", installInPlace],
])("%s", (_, make) => {
  it("makes it once", async () => {
    const folder = join(home, "broker");
    let made = 0;
    const count = (into: string): Promise<void> => ((made += 1), fill(into));
    await make(folder, count);
    await expect(make(folder, count)).resolves.toBe(folder);
    expect(made).toBe(1);
  });

  it("never takes what is half made for whole: the next one makes it anew", async () => {
    const folder = join(home, "broker");
    const half = async (into: string): Promise<void> => {
      writeFileSync(join(into, "half"), "");
      throw new Error("the download broke off");
    };
    await expect(make(folder, half)).rejects.toThrow("the download broke off");
    await make(folder, fill);
    expect(readdirSync(folder).filter((name) => !name.startsWith("."))).toEqual(["program"]);
  });

  it("is whole for each of several that make it at once", async () => {
    const folder = join(home, "broker");
    await Promise.all(Array.from({ length: 4 }, () => make(folder, fill)));
    expect(existsSync(join(folder, "program"))).toBe(true);
    expect(readdirSync(home)).toEqual(["broker"]);
  });
});

describe("installInPlace", () => {
  it("lets only one make it, while others wait", async () => {
    const folder = join(home, "broker");
    let making = 0;
    let made = 0;
    const alone = async (into: string): Promise<void> => {
      expect((making += 1)).toBe(1);
      await fill(into);
      making -= 1;
      made += 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => installInPlace(folder, alone)));
    expect(made).toBe(1);
  });

  it("removes what a process left that died over it", async () => {
    const folder = join(home, "broker");
    mkdirSync(folder);
    writeFileSync(join(folder, "half"), "");
    await installInPlace(folder, fill);
    expect(existsSync(join(folder, "half"))).toBe(false);
  });
});

describe("the tools of the machine", () => {
  it("say what they wrote when they fail", async () => {
    await expect(run("sh", ["-c", "echo not today >&2; exit 3"])).rejects.toThrow("not today");
    await expect(run("no-such-tool", [])).rejects.toThrow("no-such-tool");
  });

  it("are known to be there or not", async () => {
    await expect(has("sh")).resolves.toBe(true);
    await expect(has("no-such-tool")).resolves.toBe(false);
  });

  it("tell what is missing in a download", () => {
    expect(() => found(home, /nats-server$/)).toThrow(/holds nothing like/);
  });
});
