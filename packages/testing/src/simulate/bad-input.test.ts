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

describe("what a simulation cannot use", () => {
  it("is an application that never comes to rest: what keeps it busy is said", async () => {
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
      /^comes to rest: after 500 steps it is still busy; lately: .*game\.p[io]ng \(\d+ times\)/,
    );
  });

  it("is a handler that waits for ever: it is named", async () => {
    const violation = await violationOf(app(() => new Promise(() => undefined)));
    expect(violation).toMatch(
      /^handlers finish: the handler of worker\.work in worker \(app\/\d\) never ends/,
    );
  });

  it("is an act that waits for ever: it is named", async () => {
    const acts = {
      acts: [
        function waits() {
          return new Promise(() => undefined);
        },
      ],
    };
    expect(await violationOf(app(undefined, acts))).toBe(
      "acts end: client: waits never ends, although nothing more can happen",
    );
  });

  it("is an act that throws: its error is told, and kept", async () => {
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

  it("is a property that throws: it is named, and its error kept", async () => {
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

  it("is an invariant or a check that throws: that is how they say no", async () => {
    const no = (): never => {
      throw new Error("no");
    };
    expect(await violationOf(app(undefined, { invariant: no }))).toBe("invariant: no");
    expect(await violationOf(app(undefined, { check: () => Promise.reject(new Error("no")) }))).toBe(
      "check: no",
    );
  });

  it("is a fault that the profile does not have, or nobody", async () => {
    await expect(refused({ profile: "rabbitmq", faults: ["rebalance"] })).rejects.toThrow(
      "The fault rebalance cannot happen with the profile rabbitmq",
    );
    await expect(refused({ profile: "rabbitmq", faults: ["rebalance"] })).rejects.toThrow(
      "this one has crash",
    );
    await expect(refused({ faults: ["earthquake"] })).rejects.toThrow(
      'There is no fault "earthquake". There are crash',
    );
  });

  it("is a profile that nobody knows", async () => {
    await expect(refused({ profile: "sqs" })).rejects.toThrow("Use one of kafka, rabbitmq, nats, strictest");
  });

  it("is a path of another version: its schedules were others", async () => {
    await expect(refused({ seed: 1, path: "v0:3:1" })).rejects.toThrow(
      "The path v0:3:1 was printed by another version of @waybill/testing, whose schedules were others. Simulate anew",
    );
    await expect(refused({ seed: 1, path: "3:1" })).rejects.toThrow('The path "3:1" is not one');
    await expect(refused({ path: "v1:3:1" })).rejects.toThrow("A path is given without its seed");
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
  ])("is %j", async (options, said) => {
    await expect(refused(options)).rejects.toThrow(said);
  });

  it("is an application without processes", async () => {
    await expect(explore(() => ({ acts: [] }), { seed: 1 })).rejects.toThrow(
      "neither services nor processes",
    );
  });

  it("is an application that does not start: its own error is thrown", async () => {
    const twice = (): App => ({
      services: () => [
        service("a").handle(Work, () => undefined),
        service("b").handle(Work, () => undefined),
      ],
      acts: [],
    });
    await expect(explore(twice, { seed: 1 })).rejects.toThrow("worker.work");
  });

  it("is not thousands of instances: they run", { timeout: 60_000 }, async () => {
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

  it("is not zero instances: whose messages nobody handles, which is said", async () => {
    const none = (): App => ({
      processes: [{ name: "worker", instances: 0, services: () => [] }],
      acts: [(bus) => bus.send(Work, { n: 1 })],
    });
    await expect(explore(none, { seed: 1 })).rejects.toThrow("instances of worker is 0");
  });
});
