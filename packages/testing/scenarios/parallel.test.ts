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

/** How threads read TypeScript here. */
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
  if (failure === undefined) throw new Error("nothing was found");
  return failure;
}

describe("a simulation on several threads", { timeout: 60_000 }, () => {
  it("finds what one thread finds, and tells it in the same words", async () => {
    const one = failureOf(await on("careless", { workers: 1 }));
    const three = failureOf(await on("careless", { workers: 3 }));
    expect(three).toEqual(one);
    expect(one.story.join("\n")).toContain("FAULT");
  });

  it("tries as many schedules as it is told, and says how far it is", async () => {
    const seen: Progress[] = [];
    const { runs, failure } = await on("careful", {
      workers: 2,
      runs: 1_100,
      progress: (far) => seen.push(far),
    });
    expect([runs, failure]).toEqual([1_100, undefined]);
    expect(seen.map((far) => far.runs).toSorted((one, other) => one - other)).toEqual(
      seen.map((far) => far.runs),
    );
    expect(seen.at(-1)?.runs).toBe(1_100);
  });

  it("ends when its seconds are over", async () => {
    const { runs, failure } = await on("careful", { workers: 2, runs: 100_000_000, seconds: 0.5 });
    expect(failure).toBeUndefined();
    expect(runs).toBeLessThan(1_000_000);
  });

  it("takes input and properties from the module, and replays what it found in this thread", async () => {
    const found = failureOf(await on("with-input", { workers: 2 }));
    expect(found.violation.what).toMatch(/^charge happened twice for \d$/);
    const { seed, path } = found;
    expect(failureOf(await on("with-input", { seed, path })).story).toEqual(found.story);
    await expect(simulate(moduleOf("with-input"), { seed, path })).rejects.toThrow("charge happened twice");
  });

  it("names the handler that blocks its thread", async () => {
    const { violation, path } = failureOf(await on("blocking", { workers: 2, blockedAfterSeconds: 0.5 }));
    expect(violation.name).toBe("handlers give the thread back");
    expect(violation.what).toMatch(/nothing has come after "app\/\d receives top\.spin"/);
    expect(path).toBe("v1:0");
  });

  it("says so when a module does not load, or exports no application", async () => {
    for (const workers of [1, 2]) {
      await expect(on("missing", { workers })).rejects.toThrow(/modules\/missing\.ts cannot be loaded/);
      await expect(on("nothing", { workers })).rejects.toThrow(/exports no function `app`/);
    }
  });

  it("refuses what cannot be sent to threads", async () => {
    await expect(on("careful", { workers: 2, input: fc.integer() })).rejects.toThrow(
      "Export them from the module",
    );
    const inPlace = explore(() => ({ services: () => [], acts: [] }), { workers: 2 });
    await expect(inPlace).rejects.toThrow("a function cannot be sent to them");
  });
});
