import { command, service } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Ask, ONE_TRY, World, failureOf } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

/** A service that always fails, with the default retries, and records the times of its tries. */
function failing(tookMs = 0) {
  const tries: number[] = [];
  const start = world.clock.now();
  const owner = service("owner").handle(Ask, async () => {
    tries.push(world.clock.now() - start);
    if (tookMs > 0) await new Promise<void>((resolve) => world.clock.schedule(tookMs, resolve));
    throw Object.assign(new Error("the bank is closed"), { code: "CLOSED" });
  });
  return { tries, owner };
}

describe("a request whose handler fails", () => {
  it("rejects with the error of the handler before its timeout, with all defaults; the command is dead-lettered", async () => {
    const { tries, owner } = failing();
    const bus = await world.bus({ services: [owner] });
    const failure = await world.within(30_000, failureOf(bus.request(Ask, { n: 1 })));
    expect(failure).toMatchObject({
      code: "remote-failure",
      remoteCode: "CLOSED",
      remoteMessage: "the bank is closed",
    });
    await world.clock.advance(120_000);
    expect(tries.every((at) => at < 30_000)).toBe(true);
    expect(await bus.deadLetters("owner").list()).toHaveLength(1);
    expect(bus.counters().lateReplies).toBe(0);
  });

  it.each([500, 1_000, 2_000, 5_900, 10_000])(
    "rejects with the error of the handler within its timeout of %d ms",
    async (timeout) => {
      const { tries, owner } = failing();
      const bus = await world.bus({ services: [owner] });
      const failure = await world.within(timeout, failureOf(bus.request(Ask, { n: 1 }, { timeout })));
      expect(failure).toMatchObject({ code: "remote-failure" });
      const ran = tries.length;
      await world.clock.advance(120_000);
      expect(tries.length).toBe(ran);
    },
  );

  it("rejects before a slow try that could not end in time", async () => {
    const { tries, owner } = failing(6_000);
    const bus = await world.bus({ services: [owner] });
    const failure = await world.within(9_000, failureOf(bus.request(Ask, { n: 1 }, { timeout: "10s" })));
    expect(failure).toMatchObject({ code: "remote-failure" });
    expect(tries.length).toBe(1);
  });

  it("keeps the retries of its policy once its requester has given up", async () => {
    const { tries, owner } = failing();
    const asker = await world.bus({ sends: [Ask] });
    const late = world.within(2_000, failureOf(asker.request(Ask, { n: 1 }, { timeout: "1s" })));
    expect(await late).toMatchObject({ code: "request-timeout" });
    await world.bus({ services: [owner] });
    await world.clock.advance(120_000);
    expect(tries.length).toBe(12);
  });

  it("keeps the retries of its policy when its deadline is invalid", async () => {
    for (const replyby of ["", "soon", "9".repeat(1_000), "+275760-09-13T00:00:00Z", 5, true]) {
      world = new World();
      const { tries, owner } = failing();
      const bus = await world.bus({ services: [owner] });
      await bus.send(Ask, { n: 1 }, { extensions: { replyby } });
      await world.clock.advance(120_000);
      expect(tries.length).toBe(12);
      await world.end();
    }
  });
});

describe("a schema that never finishes", () => {
  const never = (isHung: () => boolean): z.ZodType =>
    ({
      "~standard": {
        version: 1,
        vendor: "own",
        validate: (value: unknown) => (isHung() ? new Promise(() => undefined) : { value }),
      },
    }) as unknown as z.ZodType;

  it("of a reply ends with the timeout of the request, its signal, or the bus", async () => {
    let replies = 0;
    const Own = command("own.ask", { data: z.unknown(), reply: never(() => replies++ % 2 === 1) });
    const bus = await world.bus({ services: [service("owner").handle(Own, () => 1)] });
    expect(await world.within(1_500, failureOf(bus.request(Own, 1, { timeout: "1s" })))).toMatchObject({
      code: "request-timeout",
    });
    const controller = new AbortController();
    world.clock.schedule(500, () => controller.abort());
    const aborted = failureOf(bus.request(Own, 1, { signal: controller.signal }));
    expect(await world.within(1_000, aborted)).toMatchObject({ code: "request-aborted" });
    const stopped = failureOf(bus.request(Own, 1));
    await world.settle();
    await world.within(1_000, bus.stop());
    expect(await stopped).toMatchObject({ code: "bus-stopped" });
    expect(bus.counters().waitingForReply).toBe(0);
  });

  it("of a command fails the request before its deadline", async () => {
    let checks = 0;
    const Own = command("own.ask", { data: never(() => checks++ > 0), reply: z.unknown() });
    const bus = await world.bus({ services: [service("owner").handle(Own, () => 1)] });
    const failure = await world.within(5_000, failureOf(bus.request(Own, 1, { timeout: "5s" })));
    expect(failure).toMatchObject({ code: "remote-failure" });
    expect(await bus.deadLetters("owner").list()).toHaveLength(1);
  });

  it("of a command without a requester fails the try after a minute", async () => {
    let checks = 0;
    const Own = command("own.act", { data: never(() => checks++ > 0) });
    const owner = service("owner", { recovery: ONE_TRY }).handle(Own, () => undefined);
    const bus = await world.bus({ services: [owner] });
    await bus.send(Own, 1);
    await world.clock.advance(61_000);
    expect(await bus.deadLetters("owner").list()).toMatchObject([
      { failure: { message: expect.stringContaining("no result within 60000 ms") } },
    ]);
  });
});

describe("a reply", () => {
  it("with the type of another command is refused", async () => {
    const body = { specversion: "1.0", id: "r", source: "x", type: "facts.happened", data: { twice: 2 } };
    const owner = service("owner").handle(Ask, async (_, { message }) => {
      await transport.publish([
        {
          id: "r",
          destination: { kind: "reply", address: message.replyTo ?? "" },
          type: undefined,
          correlationId: undefined,
          key: undefined,
          lane: undefined,
          deliverAt: undefined,
          contentType: "application/cloudevents+json",
          headers: {},
          body: Buffer.from(JSON.stringify({ ...body, causationid: message.id })),
        },
      ]);
      return new Promise<never>(() => undefined);
    });
    const transport = world.transport();
    await transport.connect(new AbortController().signal);
    const bus = await world.bus({ services: [owner], timeouts: { stop: "10ms" } });
    const failure = await world.within(1_000, failureOf(bus.request(Ask, { n: 1 })));
    expect(failure).toMatchObject({ code: "invalid-reply" });
    expect((failure as Error).message).toContain("facts.happened, not owner.ask.reply");
  });
});
