import {
  explore,
  simulate,
  type Failure,
  type Progress,
  type Report,
  type SimulateOptions,
} from "@waybill/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** The arguments with which Node's threads load TypeScript. */
const execArgv = [
  "--conditions=@waybill/source",
  "--import",
  String(new URL("./modules/typescript.mjs", import.meta.url)),
];

const moduleOf = (name: string): URL => new URL(`./modules/${name}.ts`, import.meta.url);

function on(name: string, options: SimulateOptions<unknown>): Promise<Report> {
  return explore(moduleOf(name), { seed: 1, execArgv, ...options });
}

function failureOf({ failure }: Report): Failure {
  if (failure === undefined) throw new Error("the simulation found no failure");
  return failure;
}

describe("a simulation on several threads", { timeout: 60_000 }, () => {
  it("finds the same failure as one thread, with the same story", async () => {
    const one = failureOf(await on("careless", { workers: 1 }));
    const three = failureOf(await on("careless", { workers: 3 }));
    expect(three).toEqual(one);
    expect(one.story.join("\n")).toContain("FAULT");
  });

  it("runs the given number of schedules, and reports its progress", async () => {
    const seen: Progress[] = [];
    const { runs, failure } = await on("careful", {
      workers: 2,
      runs: 1_100,
      progress: (progress) => seen.push(progress),
    });
    expect([runs, failure]).toEqual([1_100, undefined]);
    const counts = seen.map((progress) => progress.runs);
    expect(counts.toSorted((one, other) => one - other)).toEqual(counts);
    expect(seen.at(-1)?.runs).toBe(1_100);
  });

  it("ends after the given seconds", async () => {
    const { runs, failure } = await on("careful", { workers: 2, runs: 100_000_000, seconds: 0.5 });
    expect(failure).toBeUndefined();
    expect(runs).toBeLessThan(1_000_000);
  });

  it("takes input and properties from the module, and replays a failure in this thread", async () => {
    const found = failureOf(await on("with-input", { workers: 2 }));
    expect(found.violation.what).toMatch(/^charge happened twice for \d$/);
    const { seed, path } = found;
    expect(failureOf(await on("with-input", { seed, path })).story).toEqual(found.story);
    await expect(simulate(moduleOf("with-input"), { seed, path })).rejects.toThrow("charge happened twice");
  });

  it("names the handler that blocks its thread", async () => {
    const { violation, path } = failureOf(await on("blocking", { workers: 2, blockedAfterSeconds: 0.5 }));
    expect(violation.name).toBe("handlers do not block their thread");
    expect(violation.what).toMatch(/no step has followed "app\/\d receives top\.spin"/);
    expect(path).toBe("v1:0");
  });

  it("refuses a module that does not load or exports no application", async () => {
    for (const workers of [1, 2]) {
      await expect(on("missing", { workers })).rejects.toThrow(/modules\/missing\.ts cannot be loaded/);
      await expect(on("nothing", { workers })).rejects.toThrow(/exports no function `app`/);
    }
  });

  it("refuses input and applications that cannot be sent to threads", async () => {
    await expect(on("careful", { workers: 2, input: fc.integer() })).rejects.toThrow(
      "Export them from the module",
    );
    const inPlace = explore(() => ({ services: () => [], acts: [] }), { workers: 2 });
    await expect(inPlace).rejects.toThrow("a function cannot be sent to a thread");
  });
});
