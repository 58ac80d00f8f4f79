import { command, createBus, event, service, type Bus, type BusOptions } from "@waybill/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const data = z.object({});
const Act = command("owner.act", { data });
const Acted = event("owner.acted", { data });
const noop = (): void => undefined;
/** Hides the type of options from the compiler, as JavaScript callers do. */
const untyped = (options: unknown): never => options as never;

describe("an unknown or invalid option is refused, and the error names it and the known ones", () => {
  it.each([
    [
      "a service",
      () => service("owner", untyped({ concurency: 3 })),
      'service owner: unknown option "concurency". Known options: concurrency, recovery.',
    ],
    [
      "a handler",
      () => service("owner").handle(Act, noop, untyped({ recover: {} })),
      'the handler of owner.act in service owner: unknown option "recover". Known options: recovery.',
    ],
    [
      "a handler of an event",
      () => service("owner").on(Acted, noop, untyped({ form: "earliest" })),
      'unknown option "form". Known options: recovery, from.',
    ],
    [
      "a start for a command",
      () => service("owner").handle(Act, noop, untyped({ from: "latest" })),
      'unknown option "from"',
    ],
    [
      "a start",
      () => service("owner").on(Acted, noop, untyped({ from: "first" })),
      "from is not one of latest, earliest",
    ],
    [
      "a command",
      () => command("owner.act", untyped({ data, replay: data })),
      'command owner.act: unknown option "replay"',
    ],
    [
      "an event",
      () => event("owner.acted", untyped({ data, retian: "1d" })),
      'event owner.acted: unknown option "retian"',
    ],
    [
      "an event's reply",
      () => event("owner.acted", untyped({ data, reply: data })),
      'unknown option "reply"',
    ],
    [
      "a mode",
      () => event("owner.acted", untyped({ data, mode: "text" })),
      "mode is not one of structured, binary",
    ],
    [
      "recovery of a service",
      () => service("owner", { recovery: untyped({ retries: 3 }) }),
      'recovery of service owner: unknown option "retries". Known options: immediate, delayed, neverRetry.',
    ],
    [
      "recovery of a handler",
      () => service("owner").handle(Act, noop, { recovery: untyped({ delayed: { round: 9 } }) }),
      'recovery.delayed of the handler of owner.act in service owner: unknown option "round"',
    ],
    [
      "options that are not an object",
      () => service("owner", untyped(null)),
      "The options of service owner are not an object",
    ],
    [
      "a contract's options that are not an object",
      () => command("owner.act", untyped("x")),
      "are not an object",
    ],
    ["a concurrency", () => service("owner", { concurrency: 0 }), "concurrency is not a whole number from 1"],
  ])("%s", (_, declare, refusal) => {
    expect(declare).toThrow(refusal);
    expect(declare).toThrow("[invalid-option]");
  });

  it.each([
    ["recovery", { immediat: 9 }, 'recovery: unknown option "immediat"'],
    ["recovery", { delayed: true }, "The options of recovery.delayed are not an object"],
    ["recovery", null, "recovery is not an object"],
    ["recovery", { delayed: { first: "6h" } }, "recovery.delayed.first is 6 h, but longest is 1 h"],
    [
      "middleware",
      { ingoing: [] },
      'middleware: unknown option "ingoing". Known options: incoming, outgoing.',
    ],
    ["middleware", { incoming: {} }, "incoming is not a list"],
    ["middleware", { incoming: [undefined] }, "middleware.incoming[0] has no name or no function run"],
    ["middleware", { outgoing: [{ name: "log" }] }, "middleware.outgoing[0] has no name or no function run"],
    ["timeouts", null, "timeouts is not an object"],
    ["services", {}, "services is not a list"],
    ["onWarning", "log", "onWarning is not a function"],
    ["environment", null, "environment is not an object"],
    ["environment", { time: {} }, 'environment: unknown option "time". Known options: clock, random.'],
    ["recovery", new Map([["immediate", 3]]), "recovery is not an object"],
    ["recovery", Promise.resolve({}), "recovery is not an object"],
    ["recovery", { immediate: Object.create(null) as unknown }, "recovery.immediate is {}"],
  ])("%s %j of a bus", async (name, value, refusal) => {
    const making = createBus({ transport: "memory:", [name]: value });
    await expect(making).rejects.toThrow(refusal);
    await expect(making).rejects.toMatchObject({ code: "invalid-option" });
  });
});

it("an option that is undefined is the same as an absent one, everywhere", async () => {
  const contract = {
    key: undefined,
    lanes: undefined,
    destination: undefined,
    codec: undefined,
    mode: undefined,
  };
  const Fact = event("owner.fact", untyped({ data, ...contract, plain: undefined, retain: undefined }));
  const Order = command("owner.order", untyped({ data, ...contract, plain: undefined, reply: undefined }));
  const hollow = untyped({ immediate: undefined, delayed: undefined, neverRetry: undefined });
  const owner = service("owner", untyped({ concurrency: undefined, recovery: hollow }))
    .handle(Order, noop, untyped({ recovery: { delayed: { rounds: undefined } } }))
    .on(Fact, noop, untyped({ recovery: undefined, from: undefined }));
  const bus = await createBus({
    transport: "memory:",
    services: [owner],
    recovery: { immediate: 0, delayed: { rounds: 5, first: "2s", jitter: 0, factor: 1 } },
    ...({
      sends: undefined,
      name: undefined,
      middleware: { incoming: undefined, outgoing: undefined },
      timeouts: { connect: undefined, publish: undefined, request: undefined, stop: undefined },
      concurrency: undefined,
      provision: undefined,
      onWarning: undefined,
    } as unknown as BusOptions),
  });
  for (const { retries } of bus.explain().contracts)
    expect(retries).toMatchObject([{ immediate: 0, delaysMs: Array.from({ length: 5 }, () => 2_000) }]);
});

describe("an unknown option of a call is refused, the error names it, and nothing is sent", () => {
  const Ask = command("owner.ask", { data, reply: data });

  it.each([
    [
      "send",
      (bus: Bus) => bus.send(Act, {}, untyped({ delya: "1h" })),
      'send of owner.act: unknown option "delya"',
    ],
    [
      "publish",
      (bus: Bus) => bus.publish(Acted, {}, untyped({ key: "a" })),
      'publish of owner.acted: unknown option "key"',
    ],
    [
      "request",
      (bus: Bus) => bus.request(Ask, {}, untyped({ delay: "1h" })),
      'request of owner.ask: unknown option "delay". Known options: correlationId, extensions, timeout, signal.',
    ],
  ])("%s", async (_, call, text) => {
    let handled = 0;
    const owner = service("owner")
      .handle(Act, () => void (handled += 1))
      .handle(Ask, () => {
        handled += 1;
        return {};
      });
    const bus = await createBus({ transport: "memory:", services: [owner], sends: [Acted] });
    await bus.start();
    await expect(call(bus)).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining(text),
    });
    await bus.send(Act, {}, { delay: undefined } as never);
    await bus.stop();
    expect(handled).toBeLessThanOrEqual(1);
  });
});
