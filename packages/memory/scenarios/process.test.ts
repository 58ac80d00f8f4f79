import { AsyncLocalStorage } from "node:async_hooks";
import { createBus, service } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Act, Happened, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

/** Returns the timers that keep this process alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe("the process that a bus runs in", () => {
  it("stays alive while the bus runs, and ends after stop although delayed messages wait", async () => {
    const before = timers();
    const owner = service("owner").handle(Act, () => {
      throw new Error("later");
    });
    const bus = await createBus({ transport: "memory:", services: [owner], sends: [Happened] });
    await bus.start();
    expect(timers()).toBeGreaterThan(before);
    await bus.send(Act, { n: 1 });
    await bus.publish(Happened, { n: 1 }, { delay: "1h" });
    await new Promise((resolve) => setImmediate(resolve));
    await bus.stop();
    expect(timers()).toBe(before);
  });

  it("delayed messages are delivered to a bus that connects to the same broker later", async () => {
    const heard: number[] = [];
    const first = await world.bus({ services: [service("ear").on(Happened, () => undefined)] });
    await first.publish(Happened, { n: 1 }, { delay: "5s" });
    await world.within(1_000, first.stop());
    expect(world.clock.pending).toBe(0);
    await world.clock.advance(10_000);
    await world.bus({ services: [service("ear").on(Happened, ({ n }) => void heard.push(n))] });
    await world.clock.advance(1);
    expect(heard).toEqual([1]);
  });
});

it("each handler has an asynchronous context of its own, without that of start or send", async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const owner = service("owner").handle(Act, async ({ n }, { publish }) => {
    seen.push(storage.getStore());
    storage.enterWith(`handler ${n}`);
    await publish(Happened, { n });
    expect(storage.getStore()).toBe(`handler ${n}`);
  });
  const ear = service("ear").on(Happened, () => void seen.push(storage.getStore()));
  const bus = await world.made({ services: [owner, ear] });
  await storage.run("who starts", () => bus.start());
  await storage.run("who sends", () => Promise.all([1, 2, 3, 4].map((n) => bus.send(Act, { n }))));
  await world.settle();
  expect(seen).toEqual(Array(8).fill(undefined));
});
