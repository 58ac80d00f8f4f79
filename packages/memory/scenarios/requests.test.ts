import { command, RemoteError, service } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Act, Ask, failureOf, gate, Happened, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const doubling = service("owner").handle(Ask, ({ n }) => ({ twice: 2 * n }));
const silent = service("owner").handle(Ask, () => new Promise<never>(() => undefined));

describe("requests", () => {
  it("many at once each get their own reply, on several instances", async () => {
    const a = await world.bus({ services: [doubling] });
    const b = await world.bus({ sends: [Ask] });
    const asked = Array.from({ length: 64 }, (_, n) => (n % 2 === 0 ? a : b).request(Ask, { n }));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 64 }, (_, n) => ({ twice: 2 * n })));
  });

  it("fail after their timeout, and a late reply is counted, not thrown", async () => {
    const wait = gate();
    const late = service("owner").handle(Ask, async ({ n }) => {
      await wait.opened;
      return { twice: 2 * n };
    });
    const bus = await world.bus({ services: [late] });
    const error = await failureOf(world.within(6_000, bus.request(Ask, { n: 1 }, { timeout: "5s" })));
    expect(error).toMatchObject({ code: "request-timeout", maybeStored: true });
    wait.open();
    await world.settle();
    expect(bus.counters()).toMatchObject({ lateReplies: 1, waitingForReply: 0 });
  });

  it.each([
    ["nobody runs its owner", [], "Queue owner.ask has no consumer: the service that owns it does not run."],
    ["its owner is slow", [silent], "The command is stored and may still be handled"],
  ])("say at their timeout whether the command has an owner: %s", async (_, services, text) => {
    const owner = services.length === 0 ? [] : [await world.bus({ services })];
    const bus = await world.bus({ sends: [Ask], timeouts: { request: "2s" } });
    const error = await failureOf(world.within(2_100, bus.request(Ask, { n: 1 })));
    expect(error).toMatchObject({ code: "request-timeout", maybeStored: true });
    expect(String(error)).toContain(text);
    expect(String(error).includes("Start the service that handles owner.ask")).toBe(owner.length === 0);
    expect(String(error).includes("memory:name share one")).toBe(owner.length === 0);
  });

  it("have a default deadline", async () => {
    const bus = await world.bus({ services: [silent], timeouts: { request: "2s" } });
    expect(await failureOf(world.within(2_100, bus.request(Ask, { n: 1 })))).toMatchObject({
      code: "request-timeout",
    });
  });

  it("end with their caller's signal, before and while they wait", async () => {
    const bus = await world.bus({ services: [silent] });
    const controller = new AbortController();
    const asked = bus.request(Ask, { n: 1 }, { signal: controller.signal });
    await world.settle();
    controller.abort(new Error("changed my mind"));
    const error = await failureOf(asked);
    expect(error).toMatchObject({ code: "request-aborted", cause: { message: "changed my mind" } });
    expect(await failureOf(bus.request(Ask, { n: 1 }, { signal: AbortSignal.abort() }))).toMatchObject({
      code: "request-aborted",
    });
    expect(bus.counters().waitingForReply).toBe(0);
  });

  it("fail at stop and on a lost connection, each with its own code", async () => {
    const transport = world.transport();
    const bus = await world.bus({ transport, sends: [Ask] });
    const first = failureOf(bus.request(Ask, { n: 1 }));
    await world.settle();
    transport.cut();
    expect(await first).toMatchObject({ code: "request-disconnected", maybeStored: true });
    transport.restore();
    const second = failureOf(bus.request(Ask, { n: 2 }));
    await world.settle();
    await bus.stop();
    expect(await second).toMatchObject({ code: "bus-stopped" });
  });

  it("give the remote error as a typed one", async () => {
    const failing = service("owner", { recovery: ONE_TRY }).handle(Ask, () => {
      throw new RangeError("too many");
    });
    const bus = await world.bus({ services: [failing] });
    const error = await failureOf(bus.request(Ask, { n: 1 }));
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({ remoteCode: "handler-failed", remoteMessage: "too many" });
  });

  it("for data the owner cannot accept fail at once, before the timeout", async () => {
    const strict = command(Ask.name, { data: z.object({ n: z.number().max(10) }), reply: Ask.reply });
    await world.bus({ services: [service("owner").handle(strict, ({ n }) => ({ twice: 2 * n }))] });
    const bus = await world.bus({ sends: [Ask] });
    expect(await failureOf(bus.request(Ask, { n: 11 }))).toMatchObject({ remoteCode: "invalid-message" });
  });

  it("refuse a reply that breaks the contract, at the owner and at the caller", async () => {
    const wrong = service("owner").handle(Ask, (() => ({ twice: "two" })) as never);
    const bus = await world.bus({ services: [wrong] });
    expect(await failureOf(bus.request(Ask, { n: 1 }))).toMatchObject({ remoteCode: "invalid-reply" });
    await bus.stop();
    world = new World();
    const loose = command(Ask.name, { data: Ask.data, reply: z.object({ twice: z.any() }) });
    await world.bus({ services: [service("owner").handle(loose, () => ({ twice: "two" }))] });
    const caller = await world.bus({ sends: [Ask] });
    expect(await failureOf(caller.request(Ask, { n: 1 }))).toMatchObject({ code: "invalid-reply" });
  });

  it("from a handler leave at once and may still be answered while the bus stops", async () => {
    const wait = gate();
    let twice = 0;
    const asking = service("asking").handle(Act, async ({ n }, { request }) => {
      await wait.opened;
      ({ twice } = await request(Ask, { n }));
    });
    await world.bus({ services: [doubling] });
    const bus = await world.bus({ services: [asking], sends: [Ask] });
    await bus.send(Act, { n: 4 });
    await world.settle();
    const stopped = bus.stop();
    wait.open();
    await world.within(1_000, stopped);
    expect(twice).toBe(8);
  });

  it("whose requester has gone harm nobody: the reply is lost and counted", async () => {
    const wait = gate();
    const late = service("owner").handle(Ask, async ({ n }) => {
      await wait.opened;
      return { twice: n };
    });
    const owner = await world.bus({ services: [late] });
    const caller = await world.bus({ sends: [Ask] });
    const asked = failureOf(caller.request(Ask, { n: 1 }));
    await world.settle();
    await caller.stop();
    await asked;
    wait.open();
    await world.settle();
    expect(owner.counters().lostReplies).toBe(1);
    expect(await owner.deadLetters("owner").list()).toEqual([]);
  });
});

describe("a handler that is tried again", () => {
  it("asks again: its owner hears the question once more", async () => {
    let asked = 0;
    const owner = service("owner", { recovery: ONE_TRY }).handle(Ask, ({ n }) => {
      asked += 1;
      if (asked === 1) throw new Error("no");
      return { twice: 2 * n };
    });
    const answers: number[] = [];
    const asker = service("asker", {
      recovery: { immediate: 0, delayed: { rounds: 1, first: "1s" } },
    }).handle(Act, async ({ n }, { request, publish }) => {
      await publish(Happened, { n });
      answers.push((await request(Ask, { n }, { timeout: "2s" })).twice);
    });
    const ids: string[] = [];
    const hears = service("hears").on(Happened, (_, { message }) => void ids.push(message.id));
    const bus = await world.bus({ services: [owner, asker, hears] });
    await bus.send(Act, { n: 4 });
    await world.clock.advance(10_000);
    expect([asked, answers, ids.length]).toEqual([2, [8], 1]);
    expect(await bus.deadLetters("asker").list()).toEqual([]);
  });
});
