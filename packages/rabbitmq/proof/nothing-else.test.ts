import { startForTests } from "@waybill/brokers/for-tests";
import { command, createBus, event, isMessagingError, service } from "@waybill/core";
import { afterAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";

const broker = await startForTests("rabbitmq");
vi.setConfig({ testTimeout: 60_000 });

const Data = z.object({ key: z.string() });
const key = ({ key: its }: z.infer<typeof Data>): string => its;
const Ask = command("bureau.ask", { data: Data, reply: Data });
const File = command("bureau.file", { data: Data, key, lanes: 2 });
const Filed = event("bureau.filed", { data: Data, key, lanes: 2 });
const Kept = event("bureau.kept", { data: Data, retain: "1h" });

/** The entities that README.md names for these contracts. */
const DELAYS = Array.from({ length: 32 }, (_, digit) => `waybill.delay.${String(digit).padStart(2, "0")}`);
const QUEUES = [
  ...DELAYS,
  "waybill.undelivered",
  "waybill.undelivered:dead-letters",
  "bureau.ask",
  "bureau.file:0",
  "bureau.file:1",
  "bureau.file:members",
  "bureau.filed@archive:0",
  "bureau.filed@archive:1",
  "bureau.filed@archive:members",
  "bureau.kept:history",
  "bureau.kept@archive",
  "bureau:dead-letters",
  "archive:dead-letters",
];
const EXCHANGES = [
  ...DELAYS,
  "waybill.delay",
  "waybill.delivery",
  "waybill.undelivered",
  "bureau.filed:0",
  "bureau.filed:1",
  "bureau.kept",
];

describe.skipIf(broker === undefined)("the adapter's resources", () => {
  if (broker === undefined) return;
  afterAll(() => broker.end());

  const listed = async (...what: readonly string[]): Promise<readonly string[]> =>
    (await broker.tool(...what, "--no-table-headers", "name")).split("\n").filter(Boolean).toSorted();

  it("on RabbitMQ are exactly the documented queues and exchanges, and stay after the bus has stopped", async () => {
    const before = { queues: await listed("list_queues"), exchanges: await listed("list_exchanges") };
    expect(before.queues).toEqual([]);

    let handled = 0;
    const bus = await createBus({
      transport: broker.url,
      services: [
        service("bureau", { recovery: { immediate: 0, delayed: { first: "100ms", rounds: 1 } } })
          .handle(Ask, (data) => data)
          .handle(File, async (data, ctx) => {
            await ctx.publish(Filed, data);
            await ctx.publish(Kept, data);
            if (data.key === "bad") throw new Error("unfit");
          }),
        service("archive")
          .on(Filed, () => void (handled += 1))
          .on(Kept, () => void (handled += 1), { from: "earliest" }),
      ],
    });
    await bus.start();
    await bus.request(Ask, { key: "a" });
    await bus.send(File, { key: "good" });
    await bus.send(File, { key: "later" }, { delay: "200ms" });
    await bus.send(File, { key: "bad" });
    await vi.waitFor(() => expect(handled).toBe(4), 20_000);
    await vi.waitFor(async () => expect(await bus.deadLetters("bureau").list()).toHaveLength(1), 20_000);
    const replies = (await listed("list_queues")).filter((name) => name.startsWith("waybill.reply."));
    expect(replies).toHaveLength(1);
    await bus.stop();

    await vi.waitFor(async () => expect(await listed("list_queues")).toEqual(QUEUES.toSorted()), 10_000);
    expect(await listed("list_exchanges")).toEqual([...before.exchanges, ...EXCHANGES].toSorted());
  });

  it("are not created by `verify`, nor by publishing to a missing queue", async () => {
    const before = [await listed("list_queues"), await listed("list_exchanges")];
    const Unknown = command("nobody.asked", { data: Data });
    const nobody = service("nobody").handle(Unknown, () => undefined);
    const verifying = await createBus({ transport: broker.url, provision: "verify", services: [nobody] });
    await expect(verifying.start()).rejects.toSatisfy(
      (error) => isMessagingError(error) && error.code === "topology-drift",
    );
    await verifying.stop();
    const trusting = await createBus({ transport: broker.url, provision: "none", sends: [Unknown] });
    await trusting.start();
    await expect(trusting.send(Unknown, { key: "a" })).rejects.toSatisfy(
      (error) => isMessagingError(error) && error.code === "unroutable",
    );
    await trusting.stop();
    expect([await listed("list_queues"), await listed("list_exchanges")]).toEqual(before);
  });

  it("keep no process alive: no timer and no socket is left after stop", async () => {
    const bus = await createBus({
      transport: broker.url,
      services: [service("bureau").handle(Ask, (data) => data)],
    });
    const resources = (): readonly string[] =>
      process
        .getActiveResourcesInfo()
        .filter((name) => /Timeout|TCPSocket|TLS/.test(name))
        .toSorted();
    const before = resources();
    await bus.start();
    await bus.request(Ask, { key: "a" });
    expect(resources().length).toBeGreaterThan(before.length);
    await bus.stop();
    // The wait itself has one timer.
    await vi.waitFor(() => expect(resources().length).toBeLessThanOrEqual(before.length + 1), {
      timeout: 3_000,
      interval: 100,
    });
  });
});
