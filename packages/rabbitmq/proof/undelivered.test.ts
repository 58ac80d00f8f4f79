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
let notices: string[] = [];

async function started(
  options: Omit<BusOptions, "transport" | "onWarning"> & { transport: string },
): Promise<Bus> {
  const bus = await createBus({
    ...options,
    onWarning: (text) => notices.push(text),
  });
  buses.push(bus);
  await bus.start();
  return bus;
}

/** The delays as older versions made them: without an alternate exchange. */
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
    notices = [];
  });
  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.stop())));
  afterAll(() => broker.end());

  it("become dead letters of waybill.undelivered, which are markSettled and replayed once their queue exists again", async () => {
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
    const office = bus.deadLetters("waybill.undelivered");
    await vi.waitFor(async () => expect(await office.list()).toHaveLength(3), {
      timeout: 20_000,
      interval: 200,
    });
    for (const letter of await office.list())
      expect(letter.failure).toMatchObject({
        code: "unroutable",
        service: "waybill.undelivered",
      });
    for (const place of ["queue retired.do", `exchange ${long}`])
      expect(notices.filter((text) => text.includes(place))).toHaveLength(1);
    expect(handled).toEqual([]);

    await started({ transport: url, services: [retired] });
    expect(await office.replay()).toHaveLength(3);
    await vi.waitFor(() => expect(handled.toSorted()).toEqual(["fact 3", "gone 1", "laned 2"]), 10_000);
    expect(await office.list()).toEqual([]);
  });

  it("reach a queue of somebody else that nobody bound, attempt by attempt", async () => {
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

  it("are caught on a broker that an older version has provisioned, and the messages of its services still arrive", async () => {
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
    // Two at once: only one of them makes the exchange anew.
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

  it("have their headers set aside as text where the client cannot write them, and the next ones pass", async () => {
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
    const office = bus.deadLetters("waybill.undelivered");
    await vi.waitFor(
      async () => {
        const bodies = (await office.list()).map(({ body }) => Buffer.from(body).toString());
        expect(bodies).toContain("unwritable");
      },
      { timeout: 20_000, interval: 200 },
    );
    const letters = await office.list();
    const letter = letters.find(({ body }) => Buffer.from(body).toString() === "unwritable");
    expect(letter?.headers["waybill-headers"]).toContain('"h":');
  });
});
