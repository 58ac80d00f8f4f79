import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as later } from "node:timers/promises";
import { command, service } from "@waybill/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { App } from "../world/app.ts";
import type { World } from "../world/world.ts";
import { explore } from "./explore.ts";
import type { SimulateOptions } from "./options.ts";
import type { Report } from "./tally.ts";

const Work = command("worker.work", { data: z.object({ n: z.number() }) });

/** Returns an application whose handler does the given work for three messages. */
function working(work: (world: World) => unknown): (world: World) => App {
  return (world) => ({
    services: () => [service("worker").handle(Work, async () => void (await work(world)))],
    acts: [1, 2, 3].map((n) => (bus) => bus.send(Work, { n })),
  });
}

async function violationOf(work: (world: World) => unknown, options: SimulateOptions = {}): Promise<string> {
  const { failure }: Report = await explore(working(work), { seed: 1, runs: 20, ...options });
  return failure === undefined ? "none" : `${failure.violation.name}: ${failure.violation.what}`;
}

const ORIGINALS = [Date, Date.now, setTimeout, setInterval, clearTimeout, Math.random, crypto.randomUUID];
const present = (): unknown => [
  Date,
  Date.now,
  setTimeout,
  setInterval,
  clearTimeout,
  Math.random,
  crypto.randomUUID,
];

describe("the platform under a simulation", () => {
  it.each([
    ["Date.now", () => Date.now()],
    ["new Date()", () => new Date()],
    ["Date()", () => Date()],
    ["performance.now", () => performance.now()],
    ["Math.random", () => Math.random()],
    ["crypto.randomUUID", () => crypto.randomUUID()],
    ["randomUUID of node:crypto", () => randomUUID()],
    ["setTimeout", () => new Promise((resolve) => setTimeout(resolve, 1))],
    ["setTimeout of node:timers/promises", () => later(1)],
    ["real input or output (a file)", () => readFile(new URL(import.meta.url))],
    ["real input or output (the network)", () => connect(9, "127.0.0.1").on("error", () => undefined)],
  ])("reports %s inside a handler", async (called, work) => {
    const violation = await violationOf(work);
    expect(violation).toContain("time and random numbers come from the world: app/");
    expect(violation).toContain(`while it handles worker.work, uses ${called} instead of the world`);
  });

  it("leaves dates of given times alone, and all code outside of the simulation", async () => {
    const before = Date.now();
    expect(await violationOf(() => new Date(5).toISOString())).toBe("none");
    expect(Date.now()).toBeGreaterThanOrEqual(before);
  });

  it("gives the world's time and random numbers under the rule patch", async () => {
    const seen: string[] = [];
    const violation = await violationOf(
      async (world) => {
        const began = Date.now();
        await new Promise((resolve) => setTimeout(resolve, 3_600_000));
        await later(1_000);
        expect(Date.now() - began).toBe(3_601_000);
        expect(new Date().getTime()).toBe(world.now());
        expect(new Date() instanceof Date).toBe(true);
        seen.push(`${Math.random()} ${crypto.randomUUID()}`);
      },
      { platform: "patch", runs: 1 },
    );
    expect(violation).toBe("none");
    expect(seen.slice(0, 3)).toEqual(seen.slice(3, 6));
    expect(new Set(seen.slice(0, 3)).size).toBe(3);
  });

  it("clears timers and intervals under the rule patch", async () => {
    const rings: string[] = [];
    const violation = await violationOf(
      async (world) => {
        clearTimeout(setTimeout(() => rings.push("timeout"), 10));
        let ticks = 0;
        const interval = setInterval(() => {
          if (++ticks === 3) clearInterval(interval);
        }, 10);
        await world.sleep("1s");
        expect(ticks).toBe(3);
      },
      { platform: "patch", runs: 5 },
    );
    expect([violation, rings]).toEqual(["none", []]);
  });

  it("restores the platform after a violation and after an error", async () => {
    await violationOf(() => Math.random());
    expect(present()).toEqual(ORIGINALS);
    const broken = explore(() => {
      throw new Error("no application");
    });
    await expect(broken).rejects.toThrow("no application");
    expect(present()).toEqual(ORIGINALS);
  });

  it("shows the first difference of two runs when random numbers are not those of the world", async () => {
    const violation = await violationOf((world) => world.effect("draw", Math.random()), { platform: "off" });
    expect(violation).toMatch(
      /^runs are repeatable: .*EFFECT draw 0\.\d+" the first time and .* the second time/,
    );
  });

  it("shows the first difference of two runs that share state", async () => {
    let shared = 0;
    expect(await violationOf((world) => world.effect("count", ++shared))).toContain("the runs share state");
  });

  it("names a handler that never ends", async () => {
    const violation = await violationOf(() => new Promise(() => undefined));
    expect(violation).toContain("handlers finish: the handler of worker.work in worker (app/");
  });
});
