import { command, event, service, type BusOptions, type OutgoingMiddleware } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Act, Ask, failureOf, Happened, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const Said = event("facts.said", { data: z.object({ text: z.string() }) });
const Told = event("facts.told", { data: z.object({ n: z.number() }) });
const AskMuch = command("owner.ask-much", { data: z.object({ n: z.number() }), reply: z.string() });

/** Subscribes a service to all events and returns the list of those it handled. */
async function listen(): Promise<string[]> {
  const heard: string[] = [];
  await world.bus({
    services: [
      service("ear")
        .on(Said, ({ text }) => void heard.push(text.slice(0, 10)))
        .on(Told, ({ n }) => void heard.push(`told ${n}`)),
    ],
  });
  return heard;
}

describe("a handler sends none of its messages when one of them cannot be sent", () => {
  const cases: readonly (readonly [string, string, Parameters<typeof sendBoth>[0]])[] = [
    ["too large", "too-large", { text: "x".repeat(20_000_000), options: {} }],
    ["delayed for too long", "delay-too-long", { text: "late", options: { delay: "9999d" } }],
    ["due too late", "delay-too-long", { text: "late", options: { deliverAt: new Date(8.64e15) } }],
  ];
  const sendBoth = ({ text, options }: { readonly text: string; readonly options: object }) => {
    let runs = 0;
    const services = [
      service("owner").handle(Act, async (_, { publish }) => {
        runs += 1;
        await publish(Told, { n: runs });
        await publish(Said, { text }, options);
      }),
    ];
    return { services, runs: () => runs };
  };

  it.each(cases)("%s, and the handler is not retried", async (_, code, what) => {
    const heard = await listen();
    const { services, runs } = sendBoth(what);
    const bus = await world.bus({ services });
    await bus.send(Act, { n: 1 });
    await world.clock.advance(3_600_000);
    expect(heard).toEqual([]);
    expect(runs()).toBe(1);
    const [letter] = await world.within(5_000, bus.deadLetters("owner").list());
    expect(letter?.failure.code).toBe(code);
  });

  it("a reply that is too large", async () => {
    const heard = await listen();
    const services = [
      service("owner", { recovery: ONE_TRY }).handle(AskMuch, async (_, { publish }) => {
        await publish(Told, { n: 1 });
        return "x".repeat(20_000_000);
      }),
    ];
    const bus = await world.bus({ services });
    expect(await failureOf(world.within(1_000, bus.request(AskMuch, { n: 1 })))).toMatchObject({
      code: "remote-failure",
      remoteCode: "too-large",
    });
    await world.settle();
    expect(heard).toEqual([]);
  });
});

it("a burst of more messages than the send buffer holds is stored while the broker is reachable", async () => {
  let heard = 0;
  const services = [
    service("ear", { concurrency: 1_000 }).on(Happened, () => void (heard += 1)),
    service("owner").handle(Act, async (_, { publish }) => {
      for (let n = 0; n < 15_000; n++) await publish(Happened, { n });
    }),
  ];
  const bus = await world.bus({ services, sendBuffer: 10 });
  await bus.send(Act, { n: 1 });
  await Promise.all(Array.from({ length: 15_000 }, (_, n) => bus.publish(Happened, { n })));
  await world.settle();
  expect(heard).toBe(30_000);
});

describe("while the broker is unreachable", () => {
  it("the first message of an undeclared contract waits in order, like a message of a declared one", async () => {
    const seen: number[] = [];
    await world.bus({
      services: [service("owner", { concurrency: 1 }).handle(Act, ({ n }) => void seen.push(n))],
    });
    const transport = world.transport();
    const bus = await world.bus({ transport });
    transport.cut();
    const sent = [1, 2, 3].map((n) => bus.send(Act, { n }));
    await world.clock.advance(5_000);
    expect(bus.counters().waitingToSend).toBe(3);
    transport.restore();
    await world.within(1_000, Promise.all(sent));
    await world.settle();
    expect(seen).toEqual([1, 2, 3]);
  });

  it("a message fails at its timeout and is not stored", async () => {
    const transport = world.transport();
    const bus = await world.bus({ transport, timeouts: { publish: "5s" } });
    transport.cut();
    const sent = failureOf(bus.send(Act, { n: 1 }));
    await world.clock.advance(5_000);
    expect(await sent).toMatchObject({ code: "publish-timeout", maybeStored: false });
  });

  it("the first request waits for the broker", async () => {
    await world.bus({ services: [service("owner").handle(Ask, ({ n }) => ({ twice: 2 * n }))] });
    const transport = world.transport();
    const bus = await world.bus({ transport });
    transport.cut();
    const data = { n: 21 };
    const asked = bus.request(Ask, data);
    data.n = 0;
    await world.clock.advance(5_000);
    expect(bus.counters().waitingForReply).toBe(1);
    transport.restore();
    expect(await world.within(2_000, asked)).toEqual({ twice: 42 });
    expect(bus.counters().waitingForReply).toBe(0);
  });

  it("a request ends at its timeout or by its signal, and its command is not sent later", async () => {
    const handled: number[] = [];
    await world.bus({
      services: [
        service("owner").handle(Ask, ({ n }) => {
          handled.push(n);
          return { twice: n };
        }),
      ],
    });
    const transport = world.transport();
    const bus = await world.bus({ transport, sends: [Ask] });
    const abort = new AbortController();
    for (const isFirst of [true, false]) {
      transport.cut();
      const late = failureOf(bus.request(Ask, { n: 1 }, { timeout: "2s" }));
      const aborted = failureOf(
        bus.request(Ask, { n: 2 }, { signal: isFirst ? abort.signal : AbortSignal.abort() }),
      );
      await world.clock.advance(1_000);
      abort.abort(new Error("no more"));
      await world.clock.advance(1_000);
      expect(await late).toMatchObject({ code: "request-timeout", maybeStored: false });
      expect(await aborted).toMatchObject({ code: "request-aborted", maybeStored: false });
      expect(bus.counters()).toMatchObject({ waitingToSend: 0, waitingForReply: 0 });
      transport.restore();
      await world.clock.advance(10_000);
      expect(await world.within(1_000, bus.request(Ask, { n: 3 }))).toEqual({ twice: 3 });
    }
    expect(handled).toEqual([3, 3]);
  });

  it("a request that is not sent yet survives the loss of the connection", async () => {
    await world.bus({ services: [service("owner").handle(Ask, ({ n }) => ({ twice: 2 * n }))] });
    const transport = world.transport();
    const bus = await world.bus({ transport, sends: [Ask] });
    await world.within(1_000, bus.request(Ask, { n: 1 }));
    world.broker.block();
    const asked = bus.request(Ask, { n: 21 });
    await world.settle();
    transport.cut();
    await world.settle();
    world.broker.unblock();
    transport.restore();
    expect(await world.within(2_000, asked)).toEqual({ twice: 42 });
  });
});

it("a request with an aborted signal is not sent", async () => {
  let runs = 0;
  const services = [
    service("owner").handle(Ask, ({ n }) => {
      runs += 1;
      return { twice: n };
    }),
  ];
  const bus = await world.bus({ services });
  const reason = new Error("changed my mind");
  for (let round = 0; round < 2; round++) {
    const failure = await failureOf(bus.request(Ask, { n: 1 }, { signal: AbortSignal.abort(reason) }));
    expect(failure).toMatchObject({ code: "request-aborted", maybeStored: false, cause: reason });
    await world.clock.advance(60_000);
    expect(runs).toBe(round);
    await bus.request(Ask, { n: 1 });
  }
});

describe("a message contains the data as it was at the call of send", () => {
  const Late = event("facts.late", {
    data: z.object({ n: z.number(), list: z.array(z.number()) }).refine(async ({ n }) => {
      await Promise.resolve();
      return n > 0;
    }),
  });
  const Prompt = event("facts.prompt", { data: z.object({ n: z.number(), list: z.array(z.number()) }) });
  const slow: OutgoingMiddleware = {
    name: "slow",
    async run(envelope, next) {
      await Promise.resolve();
      await next(envelope);
    },
  };
  const outgoing = [slow];
  type Case = readonly [string, typeof Prompt, Partial<BusOptions>];
  const cases: readonly Case[] = [
    ["of an undeclared contract", Prompt, {}],
    ["of a declared contract", Prompt, { sends: [Prompt] }],
    ["with asynchronous middleware", Prompt, { sends: [Prompt], middleware: { outgoing } }],
    ["with an asynchronous schema", Late, { sends: [Late] }],
    ["with an asynchronous schema, undeclared", Late, { middleware: { outgoing } }],
  ];

  it.each(cases)("%s", async (_, contract, options) => {
    const heard: unknown[] = [];
    const ear = service("ear", { concurrency: 1 }).on(contract, (data) => void heard.push(data));
    await world.bus({ services: [ear] });
    const bus = await world.bus(options);
    const data = { n: 1, list: [1] };
    const sent: Promise<unknown>[] = [];
    for (let n = 1; n <= 3; n++) {
      data.n = n;
      data.list.push(n);
      sent.push(bus.publish(contract, data));
    }
    data.n = -1; // the schema would refuse this value
    await Promise.all(sent);
    await world.settle();
    expect(heard).toEqual([
      { n: 1, list: [1, 1] },
      { n: 2, list: [1, 1, 2] },
      { n: 3, list: [1, 1, 2, 3] },
    ]);
  });
});
