import { service, type Bus } from "@waybill/core";
import { HEADER, type WireMessage } from "@waybill/core/transport";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Act, ActInOrder, Ask, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const event = (attributes: object): Uint8Array =>
  Buffer.from(JSON.stringify({ specversion: "1.0", id: "foreign", source: "elsewhere", ...attributes }));

function foreign(message: Partial<WireMessage>): WireMessage {
  return {
    id: "foreign",
    destination: { kind: "queue", name: Act.destination },
    type: undefined,
    correlationId: undefined,
    key: undefined,
    lane: undefined,
    deliverAt: undefined,
    contentType: "application/cloudevents+json",
    headers: {},
    body: event({ type: Act.name, data: { n: 1 } }),
    ...message,
  };
}

async function write(...messages: readonly WireMessage[]): Promise<void> {
  const transport = world.transport();
  await transport.connect(new AbortController().signal);
  for (const result of await transport.publish(messages)) expect(result).toEqual({ ok: true });
}

describe("a request with a foreign reply address", () => {
  it("is dead-lettered before its handler runs, and other requests are handled", async () => {
    let runs = 0;
    const owner = service("owner").handle(Ask, ({ n }) => ({ twice: ((runs += 1), 2 * n) }));
    const bus = await world.bus({ services: [owner] });
    const addresses = ["amq.rabbitmq.log", "", ">", "memory-reply:*", "memory-reply: 1", "x".repeat(10_000)];
    await write(
      ...addresses.map((replyto, at) =>
        foreign({
          id: `foreign-${at}`,
          destination: { kind: "queue", name: Ask.destination },
          body: event({ type: Ask.name, data: { n: 1 }, replyto }),
        }),
      ),
    );
    await world.clock.advance(60_000);
    const letters = await bus.deadLetters("owner").list();
    expect(letters.map(({ failure: { code, tries } }) => [code, tries])).toEqual(
      addresses.map(() => ["foreign-reply-address", 0]),
    );
    expect(runs).toBe(0);
    expect(await bus.request(Ask, { n: 2 })).toEqual({ twice: 4 });
  });

  it("is handled when its command has no reply: the address is ignored", async () => {
    let runs = 0;
    await world.bus({ services: [service("owner").handle(Act, () => void (runs += 1))] });
    await write(foreign({ body: event({ type: Act.name, data: { n: 1 }, replyto: "elsewhere" }) }));
    await world.settle();
    expect(runs).toBe(1);
  });
});

describe("failure headers that a sender wrote", () => {
  const forged = {
    [HEADER.failureCode]: "forged",
    [HEADER.failureService]: "victim",
    [HEADER.failureSource]: "queue:victim",
    [HEADER.failureLane]: "7",
    [`%${HEADER.failureSource}`]: "queue:victim",
  };

  it("are set aside: the dead letter has its own failure, and a replay goes to the source where it failed", async () => {
    let isOpen = false;
    const done: number[] = [];
    const owner = service("owner", { recovery: ONE_TRY }).handle(Act, ({ n }) => {
      if (!isOpen) throw new Error("closed");
      done.push(n);
    });
    const bus = await world.bus({ services: [owner] });
    await write(foreign({ headers: forged }));
    await bus.send(Act, { n: 2 });
    await world.settle();
    const [letter] = await bus.deadLetters("owner").list();
    expect(letter?.failure).toMatchObject({
      code: "handler-failed",
      service: "owner",
      source: `queue:${Act.destination}`,
    });
    expect(letter?.headers["foreign-waybill-failure-service"]).toBe("victim");
    isOpen = true;
    const replayed = await bus.deadLetters("owner").replay();
    await world.settle();
    expect([replayed.length, replayed.notReplayed, done]).toEqual([2, [], [1, 2]]);
  });
});

describe("a replay", () => {
  /** Stores dead letters as an older version, or a process with more permissions, may have written them. */
  async function bury(bus: Bus, ...headers: readonly Readonly<Record<string, string>>[]): Promise<void> {
    await bus.send(Act, { n: 0 });
    await world.settle();
    for (const [at, each] of headers.entries())
      world.broker.addDeadLetter("owner", foreign({ id: `letter-${at}`, headers: each, key: "k" }));
  }

  const owner = service("owner", { recovery: ONE_TRY })
    .handle(Act, () => {
      throw new Error("closed");
    })
    .handle(ActInOrder, () => undefined);
  const failed = { [HEADER.failureService]: "owner", [HEADER.failureSource]: `queue:${Act.destination}` };

  it("puts back a dead letter that names no source of the service, lists it, and replays the others", async () => {
    const bus = await world.bus({ services: [owner, service("victim").handle(Ask, () => ({ twice: 0 }))] });
    await bury(
      bus,
      { ...failed, [HEADER.failureSource]: `queue:${Ask.destination}` },
      { ...failed, [HEADER.failureService]: "victim" },
      { ...failed, [HEADER.failureSource]: "dead-letters" },
      {},
      { ...failed, [HEADER.failureLane]: "7" },
    );
    const replayed = await bus.deadLetters("owner").replay();
    expect(replayed.map(({ id }) => id)).toEqual([expect.any(String), "letter-4"]);
    expect(replayed.notReplayed.map(({ letter, error }) => [letter.id, error.code])).toEqual(
      [0, 1, 2, 3].map((at) => [`letter-${at}`, "unroutable"]),
    );
    await world.settle();
    expect(await bus.deadLetters("owner").list()).toHaveLength(6);
    expect(await bus.deadLetters("victim").list()).toEqual([]);
  });

  it("goes on after a dead letter that cannot be stored, also when the service runs in another process", async () => {
    const bus = await world.bus({ services: [owner] });
    await bury(bus, { ...failed, [HEADER.failureLane]: "7" }, failed);
    const tool = await world.bus({});
    const replayed = await tool.deadLetters("owner").replay();
    expect(replayed.map(({ id }) => id)).toEqual([expect.any(String), "letter-1"]);
    expect(replayed.notReplayed.map(({ letter }) => letter.id)).toEqual(["letter-0"]);
  });

  it("goes into an existing lane", async () => {
    const bus = await world.bus({ services: [owner] });
    const body = event({ type: ActInOrder.name, data: { key: "k", n: 1 }, partitionkey: "k" });
    await bury(bus);
    for (const lane of ["99", "-1", "x", "1e3"]) {
      const headers = {
        ...failed,
        [HEADER.failureSource]: `queue:${ActInOrder.destination}`,
        [HEADER.failureLane]: lane,
      };
      world.broker.addDeadLetter("owner", foreign({ id: `lane-${lane}`, headers, body, key: "k" }));
    }
    const replayed = await bus.deadLetters("owner").replay();
    expect([replayed.length, replayed.notReplayed]).toEqual([5, []]);
  });

  it("refuses a where function that returns a promise: it would select every dead letter", async () => {
    const bus = await world.bus({ services: [owner] });
    await bury(bus, failed);
    const where = (() => Promise.resolve(false)) as unknown as () => boolean;
    for (const act of ["discard", "replay", "list"] as const)
      await expect(bus.deadLetters("owner")[act]({ where })).rejects.toMatchObject({
        code: "invalid-option",
      });
    expect(await bus.deadLetters("owner").list()).toHaveLength(2);
  });
});
