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
  it("creates the folder once", async () => {
    const folder = join(home, "broker");
    let made = 0;
    const count = (into: string): Promise<void> => ((made += 1), fill(into));
    await make(folder, count);
    await expect(make(folder, count)).resolves.toBe(folder);
    expect(made).toBe(1);
  });

  it("never uses a partly installed folder: the next call installs it again", async () => {
    const folder = join(home, "broker");
    const half = async (into: string): Promise<void> => {
      writeFileSync(join(into, "half"), "");
      throw new Error("the download broke off");
    };
    await expect(make(folder, half)).rejects.toThrow("the download broke off");
    await make(folder, fill);
    expect(readdirSync(folder).filter((name) => !name.startsWith("."))).toEqual(["program"]);
  });

  it("several concurrent calls all get a complete folder", async () => {
    const folder = join(home, "broker");
    await Promise.all(Array.from({ length: 4 }, () => make(folder, fill)));
    expect(existsSync(join(folder, "program"))).toBe(true);
    expect(readdirSync(home)).toEqual(["broker"]);
  });
});

describe("installInPlace", () => {
  it("only one of several calls installs in place, the others wait", async () => {
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

  it("removes the files of a process that died during the installation", async () => {
    const folder = join(home, "broker");
    mkdirSync(folder);
    writeFileSync(join(folder, "half"), "");
    await installInPlace(folder, fill);
    expect(existsSync(join(folder, "half"))).toBe(false);
  });
});

describe("tools of the machine", () => {
  it("a failed tool's output becomes the error message", async () => {
    await expect(run("sh", ["-c", "echo not today >&2; exit 3"])).rejects.toThrow("not today");
    await expect(run("no-such-tool", [])).rejects.toThrow("no-such-tool");
  });

  it("a missing program is recognised", async () => {
    await expect(has("sh")).resolves.toBe(true);
    await expect(has("no-such-tool")).resolves.toBe(false);
  });

  it("a download without the expected folder is an error that names the pattern", () => {
    expect(() => found(home, /nats-server$/)).toThrow(/has no entry like/);
  });
});
