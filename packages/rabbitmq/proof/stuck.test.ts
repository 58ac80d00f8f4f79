import { startForTests } from "@waybill/brokers/for-tests";
import {
  command,
  createBus,
  event,
  isMessagingError,
  service,
  type Bus,
  type BusOptions,
} from "@waybill/core";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { field, publishRaw } from "./raw-amqp.ts";
import { withClient } from "./world.ts";

const broker = await startForTests("rabbitmq");
vi.setConfig({ testTimeout: 60_000 });

const Data = z.object({ n: z.number() });
const PATIENCE = { timeout: 20_000, interval: 100 } as const;
const buses: Bus[] = [];
let warnings: string[] = [];

async function started(options: BusOptions): Promise<Bus> {
  const bus = await createBus({ ...options, onWarning: (text) => warnings.push(text) });
  buses.push(bus);
  await bus.start();
  return bus;
}

async function refusal(work: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isMessagingError(error)) throw new Error(`expected a coded error, not ${String(error)}`);
  return error;
}

describe.skipIf(broker === undefined)("on RabbitMQ", () => {
  if (broker === undefined) return;
  const { url } = broker;
  beforeEach(() => {
    warnings = [];
  });
  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.stop())));
  afterAll(() => broker.end());

  it("headers that amqplib cannot write are stored as text in the dead letter, and its body is unchanged", async () => {
    const Work = command("unwritable.do", { data: Data });
    const handled: number[] = [];
    const worker = service("unwritable").handle(Work, ({ n }) => void handled.push(n));
    const bus = await started({ transport: url, concurrency: 1, services: [worker] });
    const typed = (type: string): Buffer => field.table(["!", field.text(type)], ["value", field.text("1")]);
    const odd = [
      typed("nosuch"),
      typed("decimal"),
      field.time(2n ** 64n - 1n),
      field.text("x".repeat(100_000)),
    ];
    await publishRaw(
      url,
      odd.map((value, at) => ({ queue: Work.destination, body: `odd ${at}`, headers: [["h", value]] })),
    );
    await bus.send(Work, { n: 1 });
    await vi.waitFor(() => expect(handled).toEqual([1]), PATIENCE);
    const deadLetters = bus.deadLetters("unwritable");
    await vi.waitFor(async () => expect(await deadLetters.list()).toHaveLength(3), PATIENCE);
    const found = await deadLetters.list();
    for (const { body, headers, failure } of found) {
      expect(Buffer.from(body).toString()).toMatch(/^odd [012]$/);
      expect(headers["waybill-headers"]).toContain('"h":');
      expect(failure.code).toBe("undecodable");
    }
    // The fourth is too large in every form. It rests, and makes the source impaired.
    await vi.waitFor(() => expect(bus.state().status).toBe("impaired"), PATIENCE);
    expect(bus.state().reason).toContain("unwritable:dead-letters");
    await bus.send(Work, { n: 2 });
    await vi.waitFor(() => expect(handled).toEqual([1, 2]), PATIENCE);
  });

  it("a message with headers that amqplib cannot read becomes a dead letter, and no connection is lost", async () => {
    const Deep = command("deep.do", { data: Data });
    const handled: number[] = [];
    const states: string[] = [];
    const deep = service("deep").handle(Deep, ({ n }) => void handled.push(n));
    const bus = await started({ transport: url, services: [deep] });
    bus.onState(({ status }) => states.push(status));
    await publishRaw(url, [
      { queue: Deep.destination, body: "deep", headers: [["h", field.nested(20_000)]] },
    ]);
    await Promise.all([1, 2, 3].map((n) => bus.send(Deep, { n })));
    await vi.waitFor(() => expect(new Set(handled)).toEqual(new Set([1, 2, 3])), PATIENCE);
    await vi.waitFor(async () => expect(await bus.deadLetters("deep").list()).toHaveLength(1), PATIENCE);
    const [deadLetter] = await bus.deadLetters("deep").list();
    expect(Buffer.from(deadLetter?.body ?? []).toString()).toBe("deep");
    expect(deadLetter?.headers["unreadable-properties"]).toMatch(/^base64:/);
    expect(states).toEqual([]);
  });

  it("dead letters without a queue are kept with one warning, and other messages are handled", async () => {
    const Work = command("letterless.do", { data: Data });
    const handled: number[] = [];
    const worker = service("letterless").handle(Work, ({ n }) => void handled.push(n));
    const bus = await started({ transport: url, concurrency: 4, services: [worker] });
    await withClient(broker, async (model) => {
      const channel = await model.createConfirmChannel();
      await channel.deleteQueue("letterless:dead-letters");
      for (let at = 0; at < 6; at++) channel.sendToQueue(Work.destination, Buffer.from("unreadable"));
      await channel.waitForConfirms();
    });
    await vi.waitFor(() => expect(bus.state().status).toBe("impaired"), PATIENCE);
    expect(bus.state().reason).toContain("letterless:dead-letters");
    await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => bus.send(Work, { n })));
    await vi.waitFor(() => expect(handled).toHaveLength(8), PATIENCE);
    expect(warnings.filter((text) => text.includes("letterless:dead-letters"))).toHaveLength(1);
    await bus.stop();

    const again = await started({ transport: url, services: [worker] });
    await vi.waitFor(
      async () => expect(await again.deadLetters("letterless").list()).toHaveLength(6),
      PATIENCE,
    );
  });

  it("a service without a dead-letter queue is refused at start if it does not provision", async () => {
    await withClient(broker, async (model) => {
      const channel = await model.createChannel();
      await channel.assertQueue("foreign.queue");
    });
    const Foreign = command("foreign.queue", { data: Data });
    const foreigner = service("foreigner").handle(Foreign, () => undefined);
    const error = await refusal(started({ transport: url, provision: "none", services: [foreigner] }));
    expect(error.code).toBe("unroutable");
    expect(error.message).toMatch(/no queue foreigner:dead-letters.*provision: "apply"/);
  });

  it("an event that a foreign topic exchange routes to no queue is refused; a foreign fanout exchange accepts it", async () => {
    await withClient(broker, async (model) => {
      const channel = await model.createChannel();
      await channel.assertExchange("team.topic", "topic");
      await channel.assertExchange("team.fanout", "fanout");
    });
    const [Unheard, Fanned] = ["team.topic", "team.fanout"].map((name) => event(name, { data: Data }));
    if (Unheard === undefined || Fanned === undefined) return;
    const bus = await started({ transport: url, provision: "none", sends: [Unheard, Fanned] });
    const error = await refusal(bus.publish(Unheard, { n: 1 }));
    expect(error.code).toBe("unroutable");
    expect(error.message).toMatch(/exchange team\.topic is not a fanout exchange/);
    await Promise.all([1, 2, 3].map((n) => bus.publish(Fanned, { n })));
    await withClient(broker, async (model) => {
      const channel = await model.createChannel();
      await channel.assertQueue("team.all");
      await channel.bindQueue("team.all", "team.topic", "#");
    });
    await bus.publish(Unheard, { n: 2 });
  });

  it("a topology with one difference is refused before anything is created or bound", async () => {
    await withClient(broker, async (model) => {
      const channel = await model.createChannel();
      await channel.assertQueue("differs.do");
    });
    const differs = service("differs")
      .handle(command("differs.do", { data: Data }), () => undefined)
      .handle(command("differs.other", { data: Data }), () => undefined);
    const before = await broker.tool("list_bindings", "source_name", "destination_name", "routing_key");
    const error = await refusal(started({ transport: url, services: [differs] }));
    expect(error.code).toBe("topology-drift");
    expect(await broker.tool("list_bindings", "source_name", "destination_name", "routing_key")).toBe(before);
    expect(await broker.tool("list_queues", "name")).not.toMatch(/differs(\.other|:dead-letters)/);
  });

  it("messages to a queue without a leader time out, and no other queue waits", async () => {
    const Dead = command("leaderless.do", { data: Data });
    const Well = command("leading.do", { data: Data });
    const handled: number[] = [];
    const well = service("leading").handle(Well, ({ n }) => void handled.push(n));
    const timeouts = { publish: "4s", stop: "2s" } as const;
    const bus = await started({ transport: url, services: [well], sends: [Dead], timeouts });
    await bus.send(Dead, { n: 0 });
    const stop = 'ra:stop_server(quorum_queues, {list_to_atom("%2F_leaderless.do"), node()}).';
    await broker.tool("eval", stop);
    const lost = Promise.all(Array.from({ length: 2_500 }, (_, n) => refusal(bus.send(Dead, { n }))));
    for (let n = 1; n <= 100; n++) await bus.send(Well, { n });
    await vi.waitFor(() => expect(handled).toHaveLength(100), PATIENCE);
    expect(new Set((await lost).map(({ code }) => code))).toEqual(new Set(["publish-timeout"]));
    expect(bus.state().status).toBe("ready");
  });

  it("a key that is too long is refused at once, and no other message with it", async () => {
    const Keyed = command("keyed.do", {
      data: z.object({ id: z.string() }),
      key: ({ id }) => id,
      lanes: 2,
    });
    const handled: number[] = [];
    const keyed = service("keyed").handle(Keyed, ({ id }) => void handled.push(id.length));
    const bus = await started({ transport: url, services: [keyed] });
    const states: string[] = [];
    bus.onState(({ status }) => states.push(status));
    for (const key of ["k".repeat(70_000), "é".repeat(40_000)])
      expect((await refusal(bus.send(Keyed, { id: key }))).code).toBe("too-large");
    await bus.send(Keyed, { id: "k".repeat(50_000) });
    await vi.waitFor(() => expect(handled).toEqual([50_000]), PATIENCE);
    expect(states).toEqual([]);
  });
});
