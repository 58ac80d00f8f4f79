import { type BusOptions, event, service } from "@waybill/core";
import {
  HEADER,
  NO_HEADERS,
  type Deliver,
  type Depth,
  type Source,
  type Subscription,
} from "@waybill/core/transport";
import { MemoryTransport } from "@waybill/memory";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Act, ActInOrder, Ask, Happened, ONE_TRY, World, gate } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

/** A service that fails as a test decides, and records the times of its tries. */
function failing(
  recovery: NonNullable<BusOptions["recovery"]>,
  failure: () => unknown = () => new Error("broken"),
) {
  const tries: number[] = [];
  const start = world.clock.now();
  const owner = service("owner", { recovery }).handle(Act, () => {
    tries.push(world.clock.now() - start);
    throw failure();
  });
  return { tries, owner };
}

describe("a failing handler", () => {
  it("is retried immediately, then after growing delays, then its message is dead-lettered with the reason", async () => {
    const { tries, owner } = failing({
      immediate: 1,
      delayed: { rounds: 2, first: "1s", factor: 5, jitter: 0 },
    });
    const bus = await world.bus({ services: [owner] });
    const { id } = await bus.send(Act, { n: 1 });
    await world.clock.advance(20_000);
    expect(tries).toEqual([0, 0, 1_000, 1_000, 6_000, 6_000]);
    const letters = await bus.deadLetters("owner").list();
    expect(letters).toMatchObject([
      {
        id,
        type: "owner.act",
        failure: {
          code: "handler-failed",
          message: "broken",
          service: "owner",
          tries: 6,
          source: "queue:owner.act",
        },
      },
    ]);
    expect(letters[0]?.failure.time).toBe(new Date(world.clock.now() - 14_000).toISOString());
  });

  it("is not retried after an error of neverRetry, given by class, code or name", async () => {
    class SoldOut extends Error {}
    const never = { immediate: 5, neverRetry: [SoldOut, "E_GONE"] };
    for (const failure of [new SoldOut("none left"), Object.assign(new Error("gone"), { code: "E_GONE" })]) {
      world = new World();
      const { tries, owner } = failing(never, () => failure);
      const bus = await world.bus({ services: [owner] });
      await bus.send(Act, { n: 1 });
      await world.settle();
      expect(tries.length).toBe(1);
      expect(await bus.deadLetters("owner").list()).toHaveLength(1);
      await world.end();
    }
  });

  it("may throw synchronously, and may throw any value", async () => {
    for (const thrown of ["a text", undefined, null, { odd: true }, Symbol("odd")]) {
      world = new World();
      const { owner } = failing(ONE_TRY, () => thrown);
      const bus = await world.bus({ services: [owner] });
      await bus.send(Act, { n: 1 });
      await world.settle();
      expect(await bus.deadLetters("owner").list()).toHaveLength(1);
      await world.end();
    }
  });

  it("keeps the number of attempts on another instance, and a crash or a lost connection uses none up", async () => {
    const attempts: number[] = [];
    const transport = world.transport();
    const owner = (onTry: () => Promise<void> | void) =>
      service("owner", { recovery: { immediate: 0, delayed: { rounds: 9, first: "1s" } } }).handle(
        Act,
        async (_, { attempt }) => {
          attempts.push(attempt);
          await onTry();
        },
      );
    const first = await world.bus({ transport, services: [owner(() => new Promise(() => undefined))] });
    await first.send(Act, { n: 1 });
    await world.settle();
    transport.crash();
    await world.bus({ services: [owner(() => Promise.reject(new Error("no")))] });
    await world.clock.advance(1_500);
    expect(attempts.slice(0, 3)).toEqual([1, 1, 2]);
  });

  it("that ends its process at every delivery gets its message a few times, then the message is dead-lettered", async () => {
    let calls = 0;
    for (let round = 0; round < 50; round++) {
      const transport = world.transport();
      const owner = service("owner").handle(Act, () => {
        calls += 1;
        return new Promise<void>(() => undefined);
      });
      const bus = await world.bus({ transport, services: [owner] });
      if (round === 0) await bus.send(Act, { n: 1 });
      await world.clock.advance(60_000);
      transport.crash();
    }
    expect(calls).toBe(39);
    const reader = await world.bus({});
    expect(await reader.deadLetters("owner").list()).toMatchObject([
      { failure: { code: "handler-failed", tries: 0 } },
    ]);
  });

  it("has all its retries after thirty restarts and lost connections, also when it never started", async () => {
    let isBusy = true;
    const runs = new Map<number, number>();
    const done: number[] = [];
    const owner = service("owner", {
      concurrency: 8,
      recovery: { immediate: 0, delayed: { rounds: 3, first: "1s", factor: 1 } },
    }).handle(ActInOrder, async ({ n }, { signal }) => {
      if (isBusy)
        await new Promise((_, fail) => signal.addEventListener("abort", () => fail(new Error("stopped"))));
      runs.set(n, (runs.get(n) ?? 0) + 1);
      if ((runs.get(n) ?? 0) <= 3) throw new Error("the bank is closed");
      done.push(n);
    });
    const onWarning = (): void => undefined;
    for (let restart = 0; restart < 30; restart++) {
      const transport = world.transport();
      const bus = await world.bus({ transport, services: [owner], onWarning });
      if (restart === 0) for (let n = 0; n < 6; n++) await bus.send(ActInOrder, { key: "k", n });
      await world.settle();
      transport.cut(); // counts one more delivery of every message in flight
      transport.restore();
      await world.settle();
      transport.rebalance();
      await world.within(60_000, bus.stop({ timeout: "1s" }));
    }
    isBusy = false;
    const bus = await world.bus({ services: [owner], onWarning });
    await world.clock.advance(300_000);
    expect(done.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await bus.deadLetters("owner").list()).toEqual([]);
  });

  it("gets the messages of its key in order when the broker takes them back and redelivers them, without a loop", async () => {
    const transport = world.transport();
    const done: number[] = [];
    const wait = gate();
    const owner = service("owner").handle(ActInOrder, async ({ n }, { signal }) => {
      if (n === 0) await wait.opened;
      if (signal.aborted) throw new Error("taken back");
      done.push(n);
    });
    const bus = await world.bus({ transport, services: [owner] });
    for (let n = 0; n < 4; n++) await bus.send(ActInOrder, { key: "k", n });
    await world.settle();
    transport.cut();
    transport.restore();
    await world.settle();
    wait.open();
    await world.settle();
    expect(done).toEqual([0, 1, 2, 3]);
  });
});

describe("a message that cannot be handled at all", () => {
  const raw = {
    id: "raw-1",
    headers: NO_HEADERS,
    type: undefined,
    correlationId: undefined,
    key: undefined,
    lane: undefined,
    deliverAt: undefined,
  };
  const queue = { kind: "queue", name: "owner.act" } as const;
  const cases = [
    { code: "undecodable", contentType: "text/plain", text: "just words" },
    { code: "undecodable", contentType: "application/cloudevents+json", text: "{ not json" },
    {
      code: "undecodable",
      contentType: "application/cloudevents+json",
      text: '{"specversion":"0.3","id":"1","source":"s","type":"owner.act"}',
    },
    {
      code: "unknown-type",
      contentType: "application/cloudevents+json",
      text: '{"specversion":"1.0","id":"1","source":"s","type":"owner.other"}',
    },
    {
      code: "invalid-message",
      contentType: "application/cloudevents+json",
      text: '{"specversion":"1.0","id":"1","source":"s","type":"owner.act","data":{"n":"x"}}',
    },
  ];

  it.each(cases)(
    "is dead-lettered at once, with its bytes unchanged: $code $text",
    async ({ code, contentType, text }) => {
      const calls: unknown[] = [];
      const bus = await world.bus({
        services: [service("owner").handle(Act, (data) => void calls.push(data))],
      });
      const body = new TextEncoder().encode(text);
      const result = world.broker.store({ ...raw, destination: queue, contentType, body });
      expect(result.ok).toBe(true);
      await world.settle();
      const [letter] = await bus.deadLetters("owner").list();
      expect(letter).toMatchObject({
        contentType,
        failure: { code, service: "owner", source: "queue:owner.act" },
      });
      expect(new TextDecoder().decode(letter?.body)).toBe(text);
      expect(calls).toEqual([]);
    },
  );

  it("is skipped on a shared topic, where it belongs to another service", async () => {
    const { event } = await import("@waybill/core");
    const { data } = Happened;
    const A = event("shared.a", { data, destination: "shared" });
    const B = event("shared.b", { data, destination: "shared" });
    const heard: number[] = [];
    const bus = await world.bus({
      services: [service("ear").on(A, ({ n }) => void heard.push(n))],
      sends: [B],
    });
    await bus.publish(B, { n: 1 });
    await bus.publish(A, { n: 2 });
    await world.settle();
    expect(heard).toEqual([2]);
    expect(await bus.deadLetters("ear").list()).toEqual([]);
  });
});

describe("dead letters", () => {
  it("are replayed to the failed service only and then removed; discarded ones are removed for good", async () => {
    const heard: string[] = [];
    let isBroken = true;
    const flaky = service("flaky", { recovery: ONE_TRY }).on(Happened, ({ n }) => {
      if (isBroken) throw new Error("broken");
      heard.push(`flaky ${n}`);
    });
    const fine = service("fine").on(Happened, ({ n }) => void heard.push(`fine ${n}`));
    const bus = await world.bus({ services: [flaky, fine] });
    for (const n of [1, 2, 3]) await bus.publish(Happened, { n });
    await world.settle();
    heard.length = 0;
    isBroken = false;
    const letters = bus.deadLetters("flaky");
    const all = await letters.list();
    expect(all).toHaveLength(3);
    expect(await letters.discard({ where: ({ id }) => id === all[0]?.id })).toHaveLength(1);
    expect(await letters.list()).toHaveLength(2);
    expect(await letters.replay({ limit: 1 })).toMatchObject([{ id: all[1]?.id }]);
    await world.settle();
    expect(heard).toEqual(["flaky 2"]);
    expect(await letters.replay()).toHaveLength(1);
    await world.settle();
    expect(heard).toEqual(["flaky 2", "flaky 3"]);
    expect(await letters.list()).toEqual([]);
  });

  it("are replayed into the lane that they failed in, also by a bus without services", async () => {
    const transport = world.transport();
    const ordered = event("facts.ordered", { data: z.object({ n: z.number() }), key: ({ n }) => String(n) });
    const heard: number[] = [];
    let isBroken = true;
    const flaky = service("flaky", { recovery: ONE_TRY }).on(ordered, ({ n }) => {
      if (isBroken) throw new Error("broken");
      heard.push(n);
    });
    const bus = await world.bus({ transport, services: [flaky] });
    for (const n of [1, 2, 3]) await bus.publish(ordered, { n });
    await world.settle();
    isBroken = false;
    const tool = await world.bus({ transport: world.transport() });
    expect(await tool.deadLetters("flaky").replay()).toHaveLength(3);
    await world.settle();
    expect(heard.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(await tool.deadLetters("flaky").list()).toEqual([]);
  });

  it("that were put back reach the next reader, also when the depth that the broker reports lags behind", async () => {
    class CountsLate extends MemoryTransport {
      #late = 0;
      override async subscribe(source: Source, deliver: Deliver): Promise<Subscription> {
        const subscription = await super.subscribe(source, deliver);
        if (source.kind === "dead-letters") this.#late = 2;
        return subscription;
      }
      override depth(source: Source): Promise<Depth> {
        if (this.#late === 0) return super.depth(source);
        this.#late -= 1;
        return Promise.resolve({ ready: 0, unsettled: 0, delayed: 0 });
      }
    }
    const { owner } = failing(ONE_TRY);
    const bus = await world.bus({ transport: new CountsLate(world.broker), services: [owner] });
    await bus.send(Act, { n: 1 });
    await world.settle();
    expect(await world.within(1_000, bus.deadLetters("owner").list())).toHaveLength(1);
    expect(await world.within(1_000, bus.deadLetters("owner").discard())).toHaveLength(1);
  });

  it("that fail again after a replay lose the old failure headers and keep all others", async () => {
    const { owner } = failing(ONE_TRY);
    const bus = await world.bus({ services: [owner] });
    await bus.send(Act, { n: 1 });
    await world.settle();
    await world.clock.advance(5);
    const [before] = await bus.deadLetters("owner").replay();
    await world.settle();
    const [after] = await bus.deadLetters("owner").list();
    expect(after?.failure.time).not.toBe(before?.failure.time);
    expect(Object.keys(after?.headers ?? {}).toSorted()).toEqual(
      Object.values(HEADER)
        .filter(
          (name) =>
            name !== HEADER.progress &&
            name !== HEADER.attempt &&
            name !== HEADER.setAside &&
            name !== HEADER.failureLane,
        )
        .toSorted(),
    );
  });

  it("send the handler's error code to a waiting requester", async () => {
    const owner = service("owner", { recovery: ONE_TRY }).handle(Ask, () => {
      throw Object.assign(new Error("none left"), { code: "SOLD_OUT" });
    });
    const bus = await world.bus({ services: [owner] });
    const error: unknown = await bus.request(Ask, { n: 1 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: "RemoteError",
      code: "remote-failure",
      remoteCode: "SOLD_OUT",
      remoteMessage: "none left",
      service: "owner",
    });
  });
});
