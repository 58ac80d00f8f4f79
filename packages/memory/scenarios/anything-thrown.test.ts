import { runInNewContext } from "node:vm";
import { RemoteError, command, createBus, service, stopOnSignals } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Act, ActInOrder, Ask, Happened, ONE_TRY, World, failureOf } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const withMessage = (message: unknown): Error => Object.assign(new Error("x"), { message });

function throwing(property: string): Error {
  return Object.defineProperty(new Error("x"), property, {
    get() {
      throw new Error("unreadable");
    },
  });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function chain(): Error {
  let error = new Error("the root");
  for (let depth = 0; depth < 10_000; depth++) error = new Error(`level ${depth}`, { cause: error });
  return error;
}

const ONE = { message: "one" };

const THROWN: Readonly<Record<string, () => unknown>> = {
  "a list for a message": () => withMessage(["name must be a text"]),
  "an object for a message": () => withMessage({ detail: "no" }),
  "a number for a message": () => withMessage(42),
  "an unreadable message": () => throwing("message"),
  "an unreadable code": () => throwing("code"),
  "an unreadable cause": () => throwing("cause"),
  "a proxy that is revoked": revoked,
  "an error of another realm": (): unknown => runInNewContext("new RangeError('foreign')"),
  "a long text": () => new Error("x".repeat(20_000_000)),
  "a long code": () => Object.assign(new Error("no"), { code: "C".repeat(20_000_000) }),
  "causes without end": chain,
  "many errors": () => new AggregateError(Array.from({ length: 1_000_000 }, () => ONE)),
  "a list": () => [1, 2],
  "a promise": () => Promise.resolve(1),
  "a function": () => () => 1,
};

describe.each(Object.entries(THROWN))("a handler that throws %s", (_, make) => {
  it("is dead-lettered with a readable reason, and its requester gets the failure", async () => {
    let runs = 0;
    const owner = service("owner", { recovery: { ...ONE_TRY, neverRetry: [RangeError, "NEVER"] } }).handle(
      Ask,
      () => {
        runs += 1;
        throw make();
      },
    );
    const bus = await world.bus({ services: [owner] });
    const failure = await world.within(1_000, failureOf(bus.request(Ask, { n: 1 })));
    expect(failure).toBeInstanceOf(RemoteError);
    expect((failure as Error).message.length).toBeLessThan(20_000);
    const [letter, ...others] = await bus.deadLetters("owner").list();
    expect(others).toEqual([]);
    expect(letter?.failure.message).toMatch(/^.{1,1000}$/s);
    expect([runs, letter?.failure.tries]).toEqual([1, 1]);
  });

  it("does not block its key", async () => {
    const done: number[] = [];
    const owner = service("owner", { recovery: ONE_TRY }).handle(ActInOrder, ({ n }) => {
      if (n === 1) throw make();
      done.push(n);
    });
    const bus = await world.bus({ services: [owner] });
    for (const n of [1, 2, 3]) await bus.send(ActInOrder, { key: "k", n });
    await world.settle();
    expect(done).toEqual([2, 3]);
  });
});

/** Hides the type of a callback from the compiler: JavaScript callers pass such callbacks. */
const rejecting = (() => Promise.reject(new Error("no"))) as unknown as () => never;

describe("an error of an application's callback", () => {
  it("in an observer of states or warnings is ignored, also when it is asynchronous", async () => {
    const bus = await world.made({
      services: [service("owner").handle(Act, (_, { onFinished }) => onFinished(rejecting))],
      onWarning: () => {
        throw new Error("the log is closed");
      },
      kafka: {}, // ignored with a warning
    });
    bus.onState(() => {
      throw new Error("no");
    });
    bus.onState(rejecting);
    await bus.start();
    await bus.send(Act, { n: 1 });
    await world.settle();
    expect(bus.state().isReady).toBe(true);
  });

  it("in an outgoing middleware does not keep the failure from the requester", async () => {
    for (const run of [() => Promise.reject(new Error("closed")), () => new Promise<void>(() => undefined)]) {
      world = new World();
      const owner = service("owner", { recovery: ONE_TRY }).handle(Ask, () => {
        throw new Error("no stock");
      });
      await world.bus({
        services: [owner],
        middleware: { outgoing: [{ name: "broken", run }] },
        timeouts: { publish: "1s" },
      });
      const asker = await world.bus({ sends: [Ask] });
      const failure = await world.within(10_000, failureOf(asker.request(Ask, { n: 1 })));
      expect(failure).toMatchObject({ code: "remote-failure", remoteMessage: "no stock" });
      await world.end();
    }
  });

  it("in a handler fails the try even when an incoming middleware does not await next", async () => {
    const owner = service("owner", { recovery: ONE_TRY }).handle(Act, async () => {
      await Promise.resolve();
      throw new Error("late");
    });
    const careless = { name: "careless", run: (_: unknown, next: () => Promise<void>) => void next() };
    const bus = await world.bus({ services: [owner], middleware: { incoming: [careless] } });
    await bus.send(Act, { n: 1 });
    await world.settle();
    expect((await bus.deadLetters("owner").list()).map(({ failure }) => failure.message)).toEqual(["late"]);
  });

  it("in a schema refuses the data; a promise of another library is awaited, and an invalid result is an error", async () => {
    const schemas = {
      // oxlint-disable-next-line unicorn/no-thenable
      foreign: () => ({ then: (resolve: (value: unknown) => void) => resolve({ value: { n: 7 } }) }),
      nothing: () => undefined,
      odd: () => ({ issues: "none" }),
      hostile: () => ({
        issues: [
          new Proxy(
            {},
            {
              get: () => {
                throw new Error("no");
              },
            },
          ),
        ],
      }),
    };
    const seen: unknown[] = [];
    for (const [name, validate] of Object.entries(schemas)) {
      world = new World();
      let calls = 0;
      const data = {
        "~standard": {
          version: 1,
          vendor: "own",
          validate: (value: unknown) => (calls++ === 0 ? { value } : validate()),
        },
      } as unknown as z.ZodType<{ n: number }>;
      const Own = command("own.schema", { data });
      const owner = service("owner", { recovery: ONE_TRY }).handle(Own, (given) => void seen.push(given));
      const bus = await world.bus({ services: [owner] });
      await bus.send(Own, { n: 1 });
      await world.settle();
      const letters = await bus.deadLetters("owner").list();
      expect(letters.length, name).toBe(name === "foreign" ? 0 : 1);
      await world.end();
    }
    expect(seen).toEqual([{ n: 7 }]);
  });

  it("from a schema with a million issues has a short text", async () => {
    const List = command("a.list", { data: z.array(z.string()) });
    const bus = await world.bus({ sends: [List] });
    const failure = (await failureOf(bus.send(List, new Array<never>(1_000_000).fill(1 as never)))) as Error;
    expect(failure.message).toMatch(/and 999990 more issues/);
    expect(failure.message.length).toBeLessThan(5_000);
  });
});

describe("options are checked when they are given", () => {
  it("refuses a neverRetry entry that is not a class", async () => {
    for (const rule of [undefined, null, 5, /x/, () => false, "", { code: "x" }]) {
      const recovery = { neverRetry: [rule as never] };
      const owner = service("owner", { recovery }).handle(Act, () => undefined);
      await expect(createBus({ transport: world.transport(), services: [owner] })).rejects.toThrow(
        /neverRetry.*invalid-option/,
      );
    }
  });

  it("refuses options of stopOnSignals at the call", () => {
    const bus = { stop: () => Promise.resolve() };
    expect(() => stopOnSignals(bus, { timeout: "25 s" as never })).toThrow(/invalid-duration/);
    expect(() => stopOnSignals(bus, { timeuot: "1s" } as never)).toThrow(/invalid-option/);
    expect(() => stopOnSignals(bus, { onStopped: "x" as never })).toThrow(/invalid-option/);
    expect(() => stopOnSignals(bus, { signals: "SIGTERM" as never })).toThrow(/invalid-option/);
  });
});

describe("the error of another bus that has stopped", () => {
  it("is retried by the policy like any failure, then dead-lettered", async () => {
    const other = await new World().bus({ sends: [Happened] });
    await other.stop();
    let runs = 0;
    const recovery = { immediate: 1, delayed: { rounds: 1, first: "1s", jitter: 0 } } as const;
    const bridge = service("bridge", { recovery }).handle(Act, async () => {
      runs += 1;
      await other.publish(Happened, { n: 1 });
    });
    const bus = await world.bus({ services: [bridge] });
    await bus.send(Act, { n: 1 });
    await world.clock.advance(5_000);
    expect(runs).toBe(4);
    expect((await bus.deadLetters("bridge").list()).map(({ failure }) => failure.code)).toEqual([
      "bus-stopped",
    ]);
  });
});

describe("a message that the broker takes back again and again", () => {
  it("is handled with growing pauses, and the operator is warned", async () => {
    const warnings: string[] = [];
    const transport = world.transport();
    let runs = 0;
    const owner = service("owner").handle(Act, async (_, { signal }) => {
      runs += 1;
      await Promise.resolve(); // the rebalance must not run inside the delivery call of the broker
      if (runs <= 100) transport.rebalance();
      if (signal.aborted) throw new Error("aborted");
    });
    const bus = await world.bus({ transport, services: [owner], onWarning: (text) => warnings.push(text) });
    await bus.send(Act, { n: 1 });
    await world.clock.advance(20_000);
    expect(runs).toBeLessThan(15);
    expect(warnings).toEqual([expect.stringMatching(/^The broker took message owner\.act .* back 5 times/)]);
  });
});
