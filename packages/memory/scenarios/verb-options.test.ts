import { createBus, service, type Bus } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Act, Ask, failureOf, Happened, ONE_TRY, World } from "./world.ts";

let world: World;
let bus: Bus;
const handled: number[] = [];
const owner = service("owner", { recovery: ONE_TRY })
  .handle(Ask, ({ n }) => ({ twice: 2 * n }))
  .handle(Act, ({ n }) => {
    handled.push(n);
    throw new Error("no");
  });
/** Hides the type of options from the compiler, as JavaScript callers do. */
const untyped = (options: unknown): never => options as never;

beforeEach(async () => {
  world = new World();
  handled.length = 0;
  bus = await world.bus({ services: [owner], sends: [Happened] });
});
afterEach(() => world.end());

describe("invalid options of a verb are refused, and nothing is sent", () => {
  it.each([
    [
      { dely: "1h" },
      'send of owner.act: unknown option "dely". Known options: delay, deliverAt, correlationId',
    ],
    [{ timeout: "1s" }, 'unknown option "timeout"'],
    [{ correlationId: 5 }, "correlationId is not a string"],
    [{ extensions: null }, "extensions is not an object"],
    [{ extensions: new Map([["a", "b"]]) }, "extensions is not an object"],
    [null, "The options of send of owner.act are not an object"],
    ["1h", "The options of send of owner.act are not an object"],
    [Promise.resolve({}), "The options of send of owner.act are not an object"],
  ])("send with %j", async (options, refusal) => {
    const failure = await failureOf(bus.send(Act, { n: 1 }, untyped(options)));
    expect(failure).toMatchObject({ code: "invalid-option" });
    expect(String(failure)).toContain(refusal);
    await world.settle();
    expect(handled).toEqual([]);
  });

  it("the error names the verb: publish or request", async () => {
    expect(String(await failureOf(bus.publish(Happened, { n: 1 }, untyped({ key: "k" }))))).toContain(
      'publish of facts.happened: unknown option "key"',
    );
    expect(String(await failureOf(bus.request(Ask, { n: 1 }, untyped({ timout: "1s" }))))).toContain(
      'request of owner.ask: unknown option "timout". Known options: correlationId, extensions, timeout',
    );
  });

  it("a value that is not an AbortSignal is refused, and the bus still stops", async () => {
    for (const signal of ["x", null, {}])
      expect(await failureOf(bus.request(Ask, { n: 1 }, untyped({ signal })))).toMatchObject({
        code: "invalid-option",
      });
    await bus.stop();
    expect(bus.state().status).toBe("stopped");
  });

  it("invalid options of stop are refused", async () => {
    for (const options of [{ timout: 5 }, null, { timeout: 5n }])
      expect(String(await failureOf(bus.stop(untyped(options))))).toMatch(/\[invalid-(option|duration)\]/);
    expect(bus.state().status).not.toBe("stopped");
  });

  it("createBus without options names the missing transport", async () => {
    expect(await failureOf(createBus(untyped(undefined)))).toMatchObject({ code: "invalid-option" });
  });
});

describe("discard and replay refuse invalid options and change no dead letter", () => {
  beforeEach(async () => {
    for (const n of [1, 2]) await bus.send(Act, { n });
    await world.settle();
  });

  it.each<[string, unknown]>([
    ["a misspelt option", { wher: () => false }],
    ["a text", "01a2"],
    ["a where that is not a function", { where: "x" }],
    ["a limit that is not a number", { limit: "1" }],
    ["an asynchronous where", { where: async () => false }],
    ["a where that returns nothing", { where: () => undefined }],
  ])("%s", async (_, options) => {
    const letters = bus.deadLetters("owner");
    for (const verb of ["discard", "replay"] as const)
      expect(await failureOf(world.within(60_000, letters[verb](untyped(options))))).toMatchObject({
        code: "invalid-option",
      });
    expect(await world.within(60_000, letters.list())).toHaveLength(2);
    expect(handled).toEqual([1, 2]);
  });
});
