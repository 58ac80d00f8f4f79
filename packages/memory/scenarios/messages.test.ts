import { service, type Envelope } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Act, Ask, failureOf, Followed, gate, Happened, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

describe("the three verbs", () => {
  it("send reaches the owner, publish reaches every subscribed service, and request resolves with the reply", async () => {
    const log: string[] = [];
    const owner = service("owner")
      .handle(Act, ({ n }) => void log.push(`act ${n}`))
      .handle(Ask, ({ n }) => ({ twice: 2 * n }));
    const one = service("one").on(Happened, ({ n }) => void log.push(`one ${n}`));
    const two = service("two").on(Happened, ({ n }) => void log.push(`two ${n}`));
    const bus = await world.bus({ services: [owner, one, two] });
    await bus.send(Act, { n: 1 });
    await bus.publish(Happened, { n: 2 });
    expect(await bus.request(Ask, { n: 21 })).toEqual({ twice: 42 });
    await world.settle();
    expect(log.toSorted()).toEqual(["act 1", "one 2", "two 2"]);
  });

  it("instances of one service share its messages, and a stopped service misses none", async () => {
    const seen: string[] = [];
    const instance = (name: string) => service("owner").handle(Act, ({ n }) => void seen.push(`${name}${n}`));
    const a = await world.bus({ services: [instance("a")] });
    const b = await world.bus({ services: [instance("b")] });
    const sender = await world.bus({ sends: [Act] });
    for (let n = 0; n < 10; n++) await sender.send(Act, { n });
    await world.settle();
    expect(seen.length).toBe(10);
    expect(new Set(seen.map((line) => line[0]))).toEqual(new Set(["a", "b"]));
    await a.stop();
    await b.stop();
    await sender.send(Act, { n: 10 });
    await world.bus({ services: [instance("c")] });
    await world.settle();
    expect(seen.at(-1)).toBe("c10");
  });

  it("destructured verbs work, inside and outside of handlers", async () => {
    const heard: number[] = [];
    const chain = service("chain").handle(
      Act,
      async ({ n }, { publish }) => void (await publish(Happened, { n })),
    );
    const end = service("end").on(Happened, ({ n }) => void heard.push(n));
    const { send } = await world.bus({ services: [chain, end] });
    await send(Act, { n: 5 });
    await world.settle();
    expect(heard).toEqual([5]);
  });
});

describe("a message that a handler sends", () => {
  it("is stored when the handler succeeds, and never when the handler fails", async () => {
    const heard: number[] = [];
    const wait = gate();
    const owner = service("owner", { recovery: ONE_TRY }).handle(Act, async ({ n }, { publish }) => {
      await publish(Happened, { n });
      await wait.opened;
      if (n === 1) throw new Error("no");
    });
    const ear = service("ear").on(Happened, ({ n }) => void heard.push(n));
    const bus = await world.bus({ services: [owner, ear] });
    await bus.send(Act, { n: 1 });
    await bus.send(Act, { n: 2 });
    await world.settle();
    expect(heard).toEqual([]);
    wait.open();
    await world.settle();
    expect(heard).toEqual([2]);
  });

  it("is stored before the handled message is acknowledged", async () => {
    const transport = world.transport();
    let runs = 0;
    const owner = service("owner").handle(Act, async ({ n }, { publish }) => {
      await publish(Happened, { n });
      if (++runs === 1) transport.cut();
    });
    const bus = await world.bus({ transport, services: [owner], sends: [Happened] });
    const source = { kind: "queue", name: Act.destination, group: "owner", lanes: undefined } as const;
    await bus.send(Act, { n: 1 });
    await world.settle();
    expect(await transport.depth(source)).toMatchObject({ ready: 1, unsettled: 0, delayed: 0 }); // the message is released, not acknowledged
    expect(bus.counters().waitingToSend).toBe(1);
    transport.restore();
    await world.settle();
    await world.settle();
    expect(bus.counters().waitingToSend).toBe(0);
  });

  it("has the same id on every try, another id in another service, and the correlation and causation ids", async () => {
    const sent: Envelope[] = [];
    const record = {
      name: "record",
      run: (envelope: Envelope, next: (e: Envelope) => Promise<void>) => (
        sent.push(envelope),
        next(envelope)
      ),
    };
    let failures = 2;
    const flaky = service("flaky").on(Happened, async ({ n }, { publish }) => {
      await publish(Followed, { n });
      await publish(Followed, { n: n + 1 });
      if (failures-- > 0) throw new Error("try again");
    });
    const other = service("other").on(
      Happened,
      async ({ n }, { publish }) => void (await publish(Followed, { n })),
    );
    const bus = await world.bus({
      services: [flaky, other],
      sends: [Followed],
      middleware: { outgoing: [record] },
    });
    const root = await bus.publish(Happened, { n: 1 });
    await world.settle();
    const byFlaky = sent.filter(({ source }) => source === "flaky");
    expect(byFlaky.length).toBe(6);
    expect(new Set(byFlaky.map(({ id }) => id)).size).toBe(2);
    const byOther = sent.filter(({ source }) => source === "other");
    expect(byFlaky.map(({ id }) => id)).not.toContain(byOther[0]?.id);
    for (const envelope of [...byFlaky, ...byOther])
      expect(envelope).toMatchObject({ correlationId: root.id, causationId: root.id });
    expect(root).toMatchObject({ correlationId: root.id, causationId: undefined });
  });

  it("is buffered until the handler succeeds, also when a function that the handler calls uses the bus itself", async () => {
    const heard: string[] = [];
    const deep = async (n: number): Promise<void> => {
      await Promise.resolve();
      await bus.publish(Happened, { n });
    };
    const owner = service("owner", { recovery: ONE_TRY }).handle(Act, async ({ n }) => {
      await deep(n);
      if (n === 1) throw new Error("no");
    });
    const ear = service("ear").on(
      Happened,
      ({ n }, { message }) => void heard.push(`${n} ${message.causationId}`),
    );
    const bus = await world.bus({ services: [owner, ear] });
    await bus.send(Act, { n: 1 });
    const { id } = await bus.send(Act, { n: 2 });
    await world.settle();
    expect(heard).toEqual([`2 ${id}`]);
  });

  it("is refused by the context of a finished handler", async () => {
    let late: (() => Promise<unknown>) | undefined;
    const owner = service("owner").handle(
      Act,
      ({ n }, { publish }) => void (late = () => publish(Happened, { n })),
    );
    const bus = await world.bus({ services: [owner], sends: [Happened] });
    await bus.send(Act, { n: 1 });
    await world.settle();
    expect(await failureOf(late?.() ?? Promise.resolve())).toMatchObject({ code: "handler-finished" });
  });

  it("keeps the correlation and causation ids when code of a finished handler calls the bus", async () => {
    const heard: Envelope[] = [];
    const wait = gate();
    let after: Promise<unknown> = Promise.resolve();
    const owner = service("owner").handle(Act, ({ n }) => {
      after = wait.opened.then(() => bus.publish(Happened, { n }));
    });
    const ear = service("ear").on(Happened, (_, { message }) => void heard.push(message));
    const bus = await world.bus({ services: [owner, ear] });
    const { id } = await bus.send(Act, { n: 1 });
    await world.settle();
    wait.open();
    await after;
    await world.settle();
    expect(heard).toMatchObject([{ correlationId: id, causationId: id }]);
  });
});

describe("validation", () => {
  it("refuses invalid data at the sender, with its path", async () => {
    const bus = await world.bus({ sends: [Act] });
    const error = await failureOf(bus.send(Act, { n: "one" } as never));
    expect(error).toMatchObject({
      code: "invalid-data",
      help: expect.stringContaining("Data does not match the schema of its contract."),
    });
    expect(String(error)).toContain("n: ");
  });

  it("refuses the wrong verb and a value that is not a contract", async () => {
    const bus = await world.bus({ sends: [Act, Happened] });
    expect(await failureOf(bus.publish(Act as never, { n: 1 }))).toMatchObject({ code: "invalid-contract" });
    expect(await failureOf(bus.send(Happened as never, { n: 1 }))).toMatchObject({
      code: "invalid-contract",
    });
    expect(await failureOf(bus.request(Act as never, { n: 1 }))).toMatchObject({ code: "invalid-contract" });
    expect(await failureOf(bus.send(undefined as never, { n: 1 }))).toMatchObject({
      code: "invalid-contract",
    });
  });
});
