import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

vi.setConfig({ testTimeout: 120_000 });

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const API = new URL("api.ts", import.meta.url).href;

let home = "";
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "waybill-brokers-"))));
afterEach(async () => {
  await brokers("down");
  rmSync(home, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Returns the environment of a command, without the broker URLs of the developer's shell. */
function environment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...process.env, WAYBILL_NATS_URL: "", WAYBILL_BROKERS_HOME: home, ...more };
}

function node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), ...args], {
      env: environment(env),
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

/** Runs `npm run brokers -- …` in a home folder of its own. */
const brokers = (...args: readonly string[]): Promise<Ended> => node([MAIN, ...args]);

interface Shown {
  readonly name: string;
  readonly isUp: boolean;
  readonly pids: readonly number[];
}

async function status(): Promise<readonly Shown[]> {
  return JSON.parse((await brokers("status", "--json")).out) as readonly Shown[];
}

/** Whether a process runs. A zombie does not: it has ended, and its parent has not read the status. */
function lives(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/.test(stdout.trim());
}

/** Creates a program with this name in a folder of its own, and returns the path with that folder. */
function pathWith(name: string, script: string): string {
  writeFileSync(join(home, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(home, name), 0o755);
  return [home, process.env["PATH"]].join(delimiter);
}

describe("npm run brokers", () => {
  it("starts a broker once, shows it, and removes it completely", async () => {
    const [first, second] = await Promise.all([brokers("up", "nats", "--json"), brokers("up", "nats")]);
    const { WAYBILL_NATS_URL: url } = JSON.parse(first.out) as { readonly WAYBILL_NATS_URL: string };
    expect(url).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
    expect(second.out).toBe(`export WAYBILL_NATS_URL='${url}'\n`);
    expect([first.err, second.err].join("")).toMatch(/nats: running already/);

    const [shown, ...others] = await status();
    expect(others).toEqual([]);
    expect(shown).toMatchObject({ name: "nats", isUp: true });
    expect((await brokers("status")).out).toMatch(new RegExp(`^nats  up  ${url}  pid \\d+\n$`));
    expect((await brokers("logs", "nats")).out).toMatch(/==> nats-1\n.*Server is ready/s);

    expect((await brokers("down")).err).toMatch(/nats: stopped/);
    expect(shown?.pids.filter(lives)).toEqual([]);
    expect(readdirSync(join(home, "run"))).toEqual([]);
    expect(await status()).toEqual([]);
    expect((await brokers("down", "nats")).err).toMatch(/nats: was not running/);
  });

  it("restarts a recorded broker that has died", async () => {
    await brokers("up", "nats");
    const [before] = await status();
    for (const pid of before?.pids ?? []) process.kill(pid, "SIGKILL");
    await vi.waitFor(async () => expect(await status()).toMatchObject([{ isUp: false }]), 10_000);
    expect((await brokers("up", "nats")).err).toMatch(/recorded but does not answer/);
    const [after] = await status();
    expect(after).toMatchObject({ name: "nats", isUp: true });
    expect(after?.pids).not.toEqual(before?.pids);
  });

  it("uses a URL in the environment as it is and starts no broker", async () => {
    const { out, err } = await node([MAIN, "up", "nats"], { WAYBILL_NATS_URL: "nats://elsewhere:1" });
    expect(out).toBe("export WAYBILL_NATS_URL='nats://elsewhere:1'\n");
    expect(err).toMatch(/uses the URL in the environment/);
    expect(await status()).toEqual([]);
  });

  it("advises the user if a broker can be neither installed nor found", async () => {
    const { code, out, err } = await node([MAIN, "up", "nats"], {
      PATH: home,
      XDG_CACHE_HOME: join(home, "cache"),
    });
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toMatch(
      /nats cannot be installed\..*install nats-server, or run Docker\. Or set WAYBILL_NATS_URL/s,
    );
    expect(existsSync(join(home, "run"))).toBe(false);
  });

  it("uses Docker if it answers, and local programs if Docker fails", async () => {
    const calls = join(home, "calls");
    const PATH = pathWith("docker", `echo "$@ port $WAYBILL_PORT" >> ${calls}; echo 28.0`);
    const { out, err } = await node([MAIN, "up", "nats"], { PATH });
    expect(err).toMatch(/nats: runs in Docker/);
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(out) ?? [];
    expect(readFileSync(calls, "utf8")).toMatch(
      new RegExp(
        `compose --file .*compose.yaml --project-name waybill-nats up --detach --wait nats port ${port}`,
      ),
    );
    expect((await node([MAIN, "status"], { PATH })).out).toMatch(/nats  DOWN .* in Docker/);
    expect((await node([MAIN, "logs"], { PATH })).out).toMatch(/==> nats-1\n28\.0/);
    await node([MAIN, "down"], { PATH });
    expect(readFileSync(calls, "utf8")).toMatch(/--project-name waybill-nats down --volumes/);

    const broken = pathWith("docker", `[ "$1" = info ] && echo 28.0 || { echo no such image >&2; exit 1; }`);
    const without = await node([MAIN, "up", "nats"], { PATH: broken });
    expect(without.err).toMatch(/cannot run in Docker.*no such image.*nats: started\n$/s);
    expect(await status()).toMatchObject([{ name: "nats", isUp: true }]);
  });

  it("removes the broker that a killed process left behind", async () => {
    const killed = await node([
      ...["--input-type=module", "--eval"],
      `const { start } = await import("${API}"); await start("nats"); process.kill(process.pid, "SIGKILL");`,
    ]);
    expect(killed.code).toBe(null);
    const [orphan] = await status();
    expect(orphan).toMatchObject({ isUp: true });
    expect(orphan?.pids.some(lives)).toBe(true);
    expect((await brokers("up", "nats")).err).toMatch(/was left behind by a test and is removed/);
    expect(orphan?.pids.filter(lives)).toEqual([]);
  });

  it("a test's own broker ends silently together with its process", async () => {
    const ended = await node([
      ...["--input-type=module", "--eval"],
      `const { start } = await import("${API}"); await start("nats"); process.exit(7);`,
    ]);
    expect(ended.code).toBe(7);
    await vi.waitFor(async () => expect(await status()).toMatchObject([{ isUp: false }]), 10_000);
  });

  it("refuses unknown commands and options", async () => {
    expect((await brokers("up", "carrier-pigeon")).err).toMatch(/Allowed choices are rabbitmq, nats/);
    expect((await brokers("up", "nats", "--cluster", "12")).err).toMatch(
      /--cluster must be a number from 1 to 9/,
    );
  });
});
