import { startForTests } from "@waybill/brokers/for-tests";
import { command, createBus, event, service, type Bus, type BusOptions } from "@waybill/core";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { field, publishRaw } from "./raw-amqp.ts";
import { withClient } from "./world.ts";

const broker = await startForTests("rabbitmq");
vi.setConfig({ testTimeout: 60_000 });

const Data = z.object({ n: z.number() });
const buses: Bus[] = [];
let warnings: string[] = [];

async function started(
  options: Omit<BusOptions, "transport" | "onWarning"> & { transport: string },
): Promise<Bus> {
  const bus = await createBus({
    ...options,
    onWarning: (text) => warnings.push(text),
  });
  buses.push(bus);
  await bus.start();
  return bus;
}

/** Recreates the delivery exchange of older versions, without an alternate exchange. */
async function makeOld(url: string): Promise<void> {
  await withClient({ url }, async (model) => {
    const channel = await model.createChannel();
    for (const queue of ["waybill.undelivered", "waybill.undelivered:dead-letters"])
      await channel.deleteQueue(queue);
    await channel.deleteExchange("waybill.delivery");
    await channel.deleteExchange("waybill.undelivered");
    await channel.assertExchange("waybill.delivery", "topic");
    await channel.bindExchange("waybill.delivery", "waybill.delay.00", `${"*.".repeat(31)}0.#`);
  });
}

describe.skipIf(broker === undefined)("delayed messages that cannot be delivered", () => {
  if (broker === undefined) return;
  const { url } = broker;
  beforeEach(() => {
    warnings = [];
  });
  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.stop())));
  afterAll(() => broker.end());

  it("become dead letters of waybill.undelivered with a warning, and can be replayed once their queue exists again", async () => {
    const long = `retired.${"x".repeat(80)}`;
    const Gone = command("retired.do", { data: Data });
    const LanedEntity = command("retired.laned", {
      data: Data,
      key: ({ n }) => String(n),
      lanes: 2,
    });
    const Fact = event(long, { data: Data });
    const handled: string[] = [];
    const stays = service("stays").handle(command("stays.do", { data: Data }), () => undefined);
    const retired = service(`retired-${"y".repeat(80)}`)
      .handle(Gone, ({ n }) => void handled.push(`gone ${n}`))
      .handle(LanedEntity, ({ n }) => void handled.push(`laned ${n}`))
      .on(Fact, ({ n }) => void handled.push(`fact ${n}`));
    const first = await started({ transport: url, services: [retired] });
    await first.stop();
    const bus = await started({
      transport: url,
      services: [stays],
      sends: [Gone, LanedEntity, Fact],
    });
    const delay = "600ms" as const;
    await bus.send(Gone, { n: 1 }, { delay });
    await bus.send(LanedEntity, { n: 2 }, { delay });
    await bus.publish(Fact, { n: 3 }, { delay });
    await withClient(broker, async (model) => {
      const channel = await model.createChannel();
      for (const queue of ["retired.do", "retired.laned:0", "retired.laned:1"])
        await channel.deleteQueue(queue);
      await channel.deleteExchange(long);
    });
    const deadLetters = bus.deadLetters("waybill.undelivered");
    await vi.waitFor(async () => expect(await deadLetters.list()).toHaveLength(3), {
      timeout: 20_000,
      interval: 200,
    });
    for (const deadLetter of await deadLetters.list())
      expect(deadLetter.failure).toMatchObject({
        code: "unroutable",
        service: "waybill.undelivered",
      });
    for (const target of ["queue retired.do", `exchange ${long}`])
      expect(warnings.filter((text) => text.includes(target))).toHaveLength(1);
    expect(handled).toEqual([]);

    await started({ transport: url, services: [retired] });
    expect(await deadLetters.replay()).toHaveLength(3);
    await vi.waitFor(() => expect(handled.toSorted()).toEqual(["fact 3", "gone 1", "laned 2"]), 10_000);
    expect(await deadLetters.list()).toEqual([]);
  });

  it("reach a foreign queue without a binding, and keep their attempts", async () => {
    await withClient(broker, async (model) => {
      const channel = await model.createConfirmChannel();
      await channel.assertQueue("team.queue");
      await channel.assertQueue("helper:dead-letters", {
        arguments: { "x-queue-type": "quorum" },
      });
      channel.sendToQueue("team.queue", Buffer.from('{"n":1}'));
      await channel.waitForConfirms();
    });
    const Plain = command("team.queue", {
      data: Data,
      plain: {
        read: ({ value }) => JSON.parse(Buffer.from(value ?? []).toString()) as unknown,
        write: (value) => ({ value: Buffer.from(JSON.stringify(value)) }),
      },
    });
    const attempts: number[] = [];
    const helper = service("helper", {
      recovery: {
        immediate: 0,
        delayed: { rounds: 3, first: "100ms", factor: 1, jitter: 0 },
      },
    }).handle(Plain, (_, { attempt }) => {
      attempts.push(attempt);
      if (attempts.length < 3) throw new Error("not yet");
    });
    await started({ transport: url, provision: "none", services: [helper] });
    await vi.waitFor(() => expect(attempts).toEqual([1, 2, 3]), 20_000);
  });

  it("are caught after an older version provisioned the broker, and the messages of its services still arrive", async () => {
    const Old = command("old.do", { data: Data });
    const handled: number[] = [];
    const old = await started({
      transport: url,
      services: [service("old").handle(Old, ({ n }) => void handled.push(n))],
    });
    await makeOld(url);
    await withClient(broker, async (model) => {
      const channel = await model.createChannel();
      await channel.bindQueue("old.do", "waybill.delivery", "#.queue/old/do");
    });
    await old.send(Old, { n: 1 }, { delay: "100ms" });
    await vi.waitFor(() => expect(handled).toEqual([1]), 10_000);
    await old.send(Old, { n: 2 }, { delay: "2s" });

    const New = command("new.do", { data: Data });
    // Two start at once, and only one of them recreates the exchange.
    await Promise.all(
      [1, 2].map((at) =>
        started({
          transport: url,
          services: [service(`new-${at}`).handle(New, () => undefined)],
        }),
      ),
    );
    await vi.waitFor(() => expect(handled).toEqual([1, 2]), 10_000);
    const exchanges = await broker.tool("list_exchanges", "name", "arguments");
    expect(exchanges).toMatch(/waybill\.delivery\s.*alternate-exchange.*waybill\.undelivered/);
  });

  it("become dead letters with headers as text if amqplib cannot write the headers", async () => {
    const Still = command("still.do", { data: Data });
    const handled: number[] = [];
    const bus = await started({
      transport: url,
      services: [service("still").handle(Still, ({ n }) => void handled.push(n))],
    });
    await publishRaw(url, [
      {
        queue: "waybill.undelivered",
        body: "unwritable",
        headers: [["h", field.time(2n ** 64n - 1n)]],
      },
    ]);
    const deadLetters = bus.deadLetters("waybill.undelivered");
    await vi.waitFor(
      async () => {
        const bodies = (await deadLetters.list()).map(({ body }) => Buffer.from(body).toString());
        expect(bodies).toContain("unwritable");
      },
      { timeout: 20_000, interval: 200 },
    );
    const found = await deadLetters.list();
    const deadLetter = found.find(({ body }) => Buffer.from(body).toString() === "unwritable");
    expect(deadLetter?.headers["waybill-headers"]).toContain('"h":');
  });
});
