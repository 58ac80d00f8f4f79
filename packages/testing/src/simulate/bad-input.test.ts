import { command, event, service } from "@waybill/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { App } from "../world/app.ts";
import { explore } from "./explore.ts";
import type { SimulateOptions } from "./options.ts";

const Work = command("worker.work", { data: z.object({ n: z.number() }) });
const Ping = event("game.ping", { data: z.object({ n: z.number() }) });
const Pong = event("game.pong", { data: z.object({ n: z.number() }) });

function app(handle: () => unknown = () => undefined, more: Partial<App> = {}): () => App {
  return () => ({
    services: () => [service("worker").handle(Work, async () => void (await handle()))],
    acts: [1, 2].map((n) => (bus) => bus.send(Work, { n })),
    ...more,
  });
}

async function violationOf(make: () => App, options: SimulateOptions = {}): Promise<string> {
  const { failure } = await explore(make, { seed: 1, runs: 20, ...options });
  return failure === undefined ? "none" : `${failure.violation.name}: ${failure.violation.what}`;
}

const refused = (options: object): Promise<unknown> => explore(app(), options as SimulateOptions);

describe("a simulation with a mistake in its application or options", () => {
  it("names the most frequent events of an application that never ends", async () => {
    const game = (): App => ({
      services: () => [
        service("one").on(Ping, ({ n }, context) =>
          context.publish(Pong, { n: n + 1 }).then(() => undefined),
        ),
        service("two").on(Pong, ({ n }, context) =>
          context.publish(Ping, { n: n + 1 }).then(() => undefined),
        ),
      ],
      acts: [(bus) => bus.publish(Ping, { n: 0 })],
    });
    const violation = await violationOf(game, { mostSteps: 500 });
    expect(violation).toMatch(
      /^the run ends: the application is still busy after 500 steps; most frequent events: .*game\.p[io]ng \(\d+ times\)/,
    );
  });

  it("names a handler that waits for ever", async () => {
    const violation = await violationOf(app(() => new Promise(() => undefined)));
    expect(violation).toMatch(
      /^handlers finish: the handler of worker\.work in worker \(app\/\d\) never returns/,
    );
  });

  it("names an act that waits for ever", async () => {
    const acts = {
      acts: [
        function waits() {
          return new Promise(() => undefined);
        },
      ],
    };
    expect(await violationOf(app(undefined, acts))).toBe(
      'acts end: the act "client: waits" never ends: no event is left, and it awaits real input or output, or a promise that never settles',
    );
  });

  it("reports the error of an act that throws, and keeps it as the cause", async () => {
    const oops = new RangeError("oops");
    const acts = {
      acts: [
        function fails() {
          throw oops;
        },
      ],
    };
    const { failure } = await explore(app(undefined, acts), { seed: 1, runs: 5 });
    expect(failure?.violation).toEqual({
      name: "acts succeed",
      what: "client: fails threw oops",
      cause: oops,
    });
  });

  it("names a property that throws, and keeps its error as the cause", async () => {
    const oops = new RangeError("oops");
    const judge = (): never => {
      throw oops;
    };
    const { failure } = await explore(app(undefined, { properties: [{ name: "mine", judge }] }), {
      seed: 1,
      runs: 5,
    });
    expect(failure?.violation).toEqual({
      name: "mine",
      what: "the property itself threw oops",
      cause: oops,
    });
  });

  it("fails when an invariant or a check throws", async () => {
    const no = (): never => {
      throw new Error("no");
    };
    expect(await violationOf(app(undefined, { invariant: no }))).toBe("invariant: no");
    expect(await violationOf(app(undefined, { check: () => Promise.reject(new Error("no")) }))).toBe(
      "check: no",
    );
  });

  it("refuses a fault that is unknown or that the profile does not have", async () => {
    await expect(refused({ profile: "rabbitmq", faults: ["rebalance"] })).rejects.toThrow(
      "The profile rabbitmq does not have the fault rebalance",
    );
    await expect(refused({ profile: "rabbitmq", faults: ["rebalance"] })).rejects.toThrow(
      "Faults of rabbitmq: crash",
    );
    await expect(refused({ faults: ["earthquake"] })).rejects.toThrow(
      'Unknown fault "earthquake". Known faults: crash',
    );
  });

  it("refuses an unknown profile", async () => {
    await expect(refused({ profile: "sqs" })).rejects.toThrow("Use one of kafka, rabbitmq, nats, strictest");
  });

  it("refuses a path of another version, whose schedules differ", async () => {
    await expect(refused({ seed: 1, path: "v0:3:1" })).rejects.toThrow(
      "The path v0:3:1 comes from a version of @waybill/testing with other schedules. Run the simulation again",
    );
    await expect(refused({ seed: 1, path: "3:1" })).rejects.toThrow('"3:1" is not a path of a simulation');
    await expect(refused({ path: "v1:3:1" })).rejects.toThrow("The option path needs the option seed");
  });

  it.each([
    [{ runs: 0 }, "runs is 0"],
    [{ runs: 1.5 }, "runs is 1.5"],
    [{ seconds: 0 }, "seconds is 0"],
    [{ seed: 0.5 }, "seed is 0.5"],
    [{ mostFaults: -1 }, "mostFaults is -1"],
    [{ mostSteps: 0 }, "mostSteps is 0"],
    [{ workers: 0 }, "workers is 0"],
    [{ blockedAfterSeconds: Number.NaN }, "blockedAfterSeconds is NaN"],
    [{ platform: "maybe" }, 'platform is "maybe"'],
    [{ run: 5 }, 'simulate: unknown option "run". Known options: input, profile, runs, seconds'],
  ])("refuses %j", async (options, text) => {
    await expect(refused(options)).rejects.toThrow(text);
  });

  it("refuses an application without processes", async () => {
    await expect(explore(() => ({ acts: [] }), { seed: 1 })).rejects.toThrow(
      "neither services nor processes",
    );
  });

  it("refuses an application without acts, such as one with a misspelt name", async () => {
    const misspelt = (): App => ({ services: () => [], act: [] }) as unknown as App;
    await expect(explore(misspelt, { seed: 1 })).rejects.toThrow("The application has no acts.");
  });

  it("throws the error of an application that does not start", async () => {
    const twice = (): App => ({
      services: () => [
        service("a").handle(Work, () => undefined),
        service("b").handle(Work, () => undefined),
      ],
      acts: [],
    });
    await expect(explore(twice, { seed: 1 })).rejects.toThrow("worker.work");
  });

  it("runs thousands of instances", { timeout: 60_000 }, async () => {
    const many = (): App => ({
      processes: [
        {
          name: "worker",
          instances: 2_000,
          services: () => [service("worker").handle(Work, () => undefined)],
        },
      ],
      acts: Array.from({ length: 20 }, (_, n) => (bus) => bus.send(Work, { n })),
    });
    expect(await violationOf(many, { runs: 2 })).toBe("none");
  });

  it("refuses a process with zero instances", async () => {
    const none = (): App => ({
      processes: [{ name: "worker", instances: 0, services: () => [] }],
      acts: [(bus) => bus.send(Work, { n: 1 })],
    });
    await expect(explore(none, { seed: 1 })).rejects.toThrow("instances of worker is 0");
  });
});
