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
  it("get their own replies when many are sent at once, to several instances", async () => {
    const a = await world.bus({ services: [doubling] });
    const b = await world.bus({ sends: [Ask] });
    const asked = Array.from({ length: 64 }, (_, n) => (n % 2 === 0 ? a : b).request(Ask, { n }));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 64 }, (_, n) => ({ twice: 2 * n })));
  });

  it("fail after their timeout, and a late reply is counted", async () => {
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
    ["its owner does not run", [], "Queue owner.ask has no consumer: the service that owns it does not run."],
    ["its owner is slow", [silent], "The command is stored and may still be handled"],
  ])("tell at their timeout whether their command has a consumer: %s", async (_, services, text) => {
    const owner = services.length === 0 ? [] : [await world.bus({ services })];
    const bus = await world.bus({ sends: [Ask], timeouts: { request: "2s" } });
    const error = await failureOf(world.within(2_100, bus.request(Ask, { n: 1 })));
    expect(error).toMatchObject({ code: "request-timeout", maybeStored: true });
    expect(String(error)).toContain(text);
    expect(String(error).includes("Start the service that handles owner.ask")).toBe(owner.length === 0);
    expect(String(error).includes("memory:name share one")).toBe(owner.length === 0);
  });

  it("have a default timeout", async () => {
    const bus = await world.bus({ services: [silent], timeouts: { request: "2s" } });
    expect(await failureOf(world.within(2_100, bus.request(Ask, { n: 1 })))).toMatchObject({
      code: "request-timeout",
    });
  });

  it("end when the signal of their caller aborts, before and while they wait", async () => {
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

  it("fail at stop and on a lost connection, with different codes", async () => {
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

  it("reject with a RemoteError when the handler fails", async () => {
    const failing = service("owner", { recovery: ONE_TRY }).handle(Ask, () => {
      throw new RangeError("too many");
    });
    const bus = await world.bus({ services: [failing] });
    const error = await failureOf(bus.request(Ask, { n: 1 }));
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({ remoteCode: "handler-failed", remoteMessage: "too many" });
  });

  it("fail before the timeout when the owner refuses their data", async () => {
    const strict = command(Ask.name, { data: z.object({ n: z.number().max(10) }), reply: Ask.reply });
    await world.bus({ services: [service("owner").handle(strict, ({ n }) => ({ twice: 2 * n }))] });
    const bus = await world.bus({ sends: [Ask] });
    expect(await failureOf(bus.request(Ask, { n: 11 }))).toMatchObject({ remoteCode: "invalid-message" });
  });

  it("refuse a reply that does not match the contract, at the owner and at the requester", async () => {
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

  it("from a handler are sent at once and may still get their reply while the bus stops", async () => {
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

  it("whose requester is gone do no harm: their replies are counted as lost", async () => {
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
  it("sends its request again, and the owner handles it again", async () => {
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
