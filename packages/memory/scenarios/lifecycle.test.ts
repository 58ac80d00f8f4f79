import { createBus, service, type BusState } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Act, failureOf, gate, Happened, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const owner = service("owner").handle(Act, () => undefined);

describe("a source with a problem", () => {
  it("makes the bus impaired until it is provisioned again, with one warning for each change", async () => {
    const told: string[] = [];
    const states: string[] = [];
    const handled: number[] = [];
    const services = [service("owner").handle(Act, ({ n }) => void handled.push(n))];
    const bus = await world.bus({ services, onWarning: (warning) => void told.push(warning) });
    bus.onState(({ status }) => void states.push(status));
    world.broker.remove({ kind: "queue", name: Act.destination, group: "owner", lanes: undefined });
    expect(bus.state()).toEqual({
      status: "impaired",
      isReady: false,
      reason: "The queue owner.act was deleted. It delivers nothing until it is provisioned again.",
      impaired: [
        {
          service: "owner",
          source: "queue:owner.act",
          problem: "The queue owner.act was deleted. It delivers nothing until it is provisioned again.",
        },
      ],
    });
    const other = await world.bus({ services });
    await other.send(Act, { n: 1 });
    await world.settle();
    expect(handled).toEqual([1]);
    expect(bus.state()).toMatchObject({ status: "ready", isReady: true, impaired: [] });
    expect(states).toEqual(["impaired", "ready"]);
    expect(told).toHaveLength(2);
  });
});

describe("the state of a bus", () => {
  it("is reported once for each change, although several causes lead to it", async () => {
    const states: string[] = [];
    const bus = await world.made({ services: [owner] });
    bus.onState(({ status }) => void states.push(status));
    await bus.start();
    await world.within(10_000, bus.stop());
    expect(states).toEqual(["starting", "ready", "stopping", "stopped"]);
  });
});

describe("start and stop", () => {
  it("a second start is refused, before and after stop", async () => {
    const bus = await world.bus({ services: [owner] });
    expect(await failureOf(bus.start())).toMatchObject({ code: "bus-already-started" });
    await bus.stop();
    expect(await failureOf(bus.start())).toMatchObject({ code: "bus-stopped" });
  });

  it("stop may be called before start, twice, and while the bus starts", async () => {
    const unused = await world.made();
    await Promise.all([unused.stop(), unused.stop()]);
    expect(unused.state().status).toBe("stopped");
    expect(await failureOf(unused.start())).toMatchObject({ code: "bus-stopped" });
    const hasty = await world.made({ services: [owner] });
    const starting = failureOf(hasty.start());
    await world.within(1_000, hasty.stop());
    expect(await starting).toMatchObject({ code: "bus-stopped" });
    expect(hasty.state().status).toBe("stopped");
  });

  it("no message is sent before start or after stop", async () => {
    const bus = await world.made({ services: [owner] });
    expect(await failureOf(bus.send(Act, { n: 1 }))).toMatchObject({ code: "bus-not-started" });
    expect(() => bus.deadLetters("owner")).not.toThrow();
    expect(await failureOf(bus.deadLetters("owner").list())).toMatchObject({ code: "bus-not-started" });
    await bus.start();
    await bus.stop();
    expect(await failureOf(bus.send(Act, { n: 1 }))).toMatchObject({ code: "bus-stopped" });
  });

  it("stop lets running handlers finish, stores their messages, receives nothing new and releases the other messages", async () => {
    const wait = gate();
    const done: number[] = [];
    const heard: number[] = [];
    const slow = service("owner", { concurrency: 2 }).handle(Act, async ({ n }, { publish }) => {
      await wait.opened;
      await publish(Happened, { n });
      done.push(n);
    });
    const ear = await world.bus({ services: [service("ear").on(Happened, ({ n }) => void heard.push(n))] });
    const bus = await world.bus({ services: [slow] });
    for (const n of [1, 2, 3]) await bus.send(Act, { n });
    await world.settle();
    const stopped = bus.stop();
    await world.settle();
    expect(await failureOf(bus.send(Act, { n: 4 }))).toMatchObject({ code: "bus-stopped" });
    wait.open();
    await world.within(100, stopped);
    expect(done).toEqual([1, 2]);
    await world.settle();
    expect(heard.toSorted((a, b) => a - b)).toEqual([1, 2]);
    const source = { kind: "queue", name: Act.destination, group: "owner", lanes: undefined } as const;
    expect(world.broker.depth(source)).toMatchObject({ ready: 1, unsettled: 0, delayed: 0 });
    await ear.stop();
  });

  it("a handler that never returns is aborted at the deadline, and its message is released unchanged", async () => {
    const attempts: number[] = [];
    const stuck = service("owner").handle(Act, async (_, { signal, attempt }) => {
      attempts.push(attempt);
      await new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(new Error("told to stop"))),
      );
    });
    const bus = await world.bus({ services: [stuck] });
    await bus.send(Act, { n: 1 });
    await world.settle();
    const before = world.clock.now();
    await world.within(4_000, bus.stop({ timeout: "3s" }));
    expect(world.clock.now() - before).toBeLessThanOrEqual(3_010);
    await world.bus({ services: [stuck] });
    await world.settle();
    expect(attempts).toEqual([1, 1]);
    const bad = await world.bus({});
    expect(await bad.deadLetters("owner").list()).toEqual([]);
  });

  it("stop leaves no timer", async () => {
    const bus = await world.bus({ services: [owner], sends: [Happened] });
    await bus.send(Act, { n: 1 });
    await world.settle();
    await bus.stop();
    expect(world.clock.pending).toBe(0);
  });

  it("a bus that cannot start rejects with the reason and is closed again", async () => {
    const transport = world.transport();
    transport.crash();
    const bus = await world.made({ transport, services: [owner] });
    expect(await failureOf(bus.start())).toMatchObject({ code: "closed" });
    expect(bus.state()).toMatchObject({ status: "failed", isReady: false });
    expect(await failureOf(bus.send(Act, { n: 1 }))).toMatchObject({ code: "bus-stopped" });
    await bus.stop();
  });
});

describe("state", () => {
  it("reports created, starting, ready, blocked, disconnected, stopping and stopped", async () => {
    const transport = world.transport();
    const bus = await world.made({ transport, services: [owner] });
    const seen: BusState["status"][] = [bus.state().status];
    bus.onState(() => {
      throw new Error("an observer that throws");
    });
    const end = bus.onState(({ status, isReady }) => {
      expect(isReady).toBe(status === "ready");
      if (seen.at(-1) !== status) seen.push(status);
    });
    await bus.start();
    world.broker.block();
    world.broker.unblock();
    transport.cut();
    transport.restore();
    await bus.stop();
    expect(seen).toEqual([
      "created",
      "starting",
      "ready",
      "blocked",
      "ready",
      "disconnected",
      "ready",
      "stopping",
      "stopped",
    ]);
    end();
  });
});

describe("createBus", () => {
  const act = (n: string) => service(n).handle(Act, () => undefined);
  it.each([
    ["an unknown option", { transport: "memory:", servces: [] }, "invalid-option"],
    ["an invalid concurrency", { transport: "memory:", concurrency: 0 }, "invalid-option"],
    ["an invalid provision", { transport: "memory:", provision: "maybe" }, "invalid-option"],
    ["an invalid duration", { transport: "memory:", timeouts: { stop: "soon" } }, "invalid-duration"],
    ["an invalid recovery", { transport: "memory:", recovery: { immediate: -1 } }, "invalid-option"],
    [
      "two services with one name",
      { transport: "memory:", services: [act("a"), act("a")] },
      "duplicate-service",
    ],
    ["two owners of a command", { transport: "memory:", services: [act("a"), act("b")] }, "duplicate-owner"],
    ["a service without handlers", { transport: "memory:", services: [service("idle")] }, "empty-service"],
    ["a URL with an unknown scheme", { transport: "carrier-pigeon://roof" }, "unknown-transport"],
    ["text that is not a URL", { transport: "memory" }, "unknown-transport"],
    ["an invalid memory URL", { transport: "memory:has space" }, "invalid-option"],
  ])("refuses %s", async (_, options, code) => {
    expect(await failureOf(createBus(options as never))).toMatchObject({ code });
  });

  it("loads the memory transport by name", async () => {
    const bus = await createBus({ transport: "memory:", services: [owner] });
    await bus.start();
    expect(bus.state().isReady).toBe(true);
    expect(bus.explain().transport).toBe("memory");
    await bus.stop();
  });
});
