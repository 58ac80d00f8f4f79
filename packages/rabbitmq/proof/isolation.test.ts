import { startForTests } from "@waybill/brokers/for-tests";
import { command, createBus, service, type Bus } from "@waybill/core";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";

import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { rabbitmqTransport } from "../src/index.ts";
import { CuttingProxy } from "./cutting-proxy.ts";

const broker = await startForTests("rabbitmq");
vi.setConfig({ testTimeout: 90_000 });

const Data = z.object({ n: z.number(), text: z.string().optional() });
const MARKER = "this-body-ends-the-connection";
const PATIENCE = { timeout: 40_000, interval: 100 } as const;
/** An environment in which the first two pauses of a suspect, 10 and 20 s, take a fifth of their time. */
const FAST: Environment = {
  ...systemEnvironment,
  clock: {
    now: () => systemEnvironment.clock.now(),
    schedule: (ms, run) =>
      systemEnvironment.clock.schedule(ms === 10_000 || ms === 20_000 ? ms / 5 : ms, run),
  },
};
const TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe.skipIf(broker === undefined)("a poison message that ends the connection at each delivery", () => {
  if (broker === undefined) return;
  const { url } = broker;
  const buses: Bus[] = [];
  let proxy: CuttingProxy;
  let warnings: string[];
  beforeEach(async () => {
    proxy = await CuttingProxy.open(url, MARKER);
    warnings = [];
  });
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.stop()));
    proxy.close();
  });
  afterAll(() => broker.end());

  async function started(options: Parameters<typeof createBus>[0]): Promise<Bus> {
    const bus = await createBus({ ...options, onWarning: (text) => warnings.push(text) });
    buses.push(bus);
    await bus.start();
    return bus;
  }

  it("stops only its own queue; a warning names the queue, which is read again once the message can be read", async () => {
    const Poisoned = command("isolated.do", { data: Data });
    const Innocent = command("innocent.do", { data: Data });
    const handled = { poisoned: new Set<number>(), innocent: new Set<number>() };
    const worker = service("isolation")
      .handle(Poisoned, ({ n }) => void handled.poisoned.add(n))
      .handle(Innocent, ({ n }) => void handled.innocent.add(n));
    const bus = await started({
      transport: rabbitmqTransport({ url: proxy.urlFor(url) }, FAST),
      environment: FAST,
      services: [worker],
    });
    const outside = await started({ transport: url, sends: [Poisoned, Innocent] });

    await outside.send(Poisoned, { n: 0, text: MARKER });
    await outside.send(Poisoned, { n: 1 });
    await vi.waitFor(() => expect(bus.state().status).toBe("impaired"), PATIENCE);
    expect(bus.state().impaired).toHaveLength(1);
    expect(bus.state().reason).toContain("queue isolated.do ");
    expect(warnings.filter((text) => text.includes("each time queue isolated.do is read"))).toHaveLength(1);
    expect(warnings.filter((text) => text.includes("again and again"))).toHaveLength(1);

    // While the suspect pauses, the others are read without a loss, and RabbitMQ stores the messages of this process.
    const before = proxy.cuts;
    for (const n of TEN) await bus.send(Innocent, { n });
    await vi.waitFor(() => expect(handled.innocent).toEqual(new Set(TEN)), PATIENCE);
    expect(handled.poisoned).not.toContain(0);

    // The adapter tries the suspect again by itself, and suspects it again.
    await vi.waitFor(() => expect(proxy.cuts).toBeGreaterThan(before), PATIENCE);
    expect(bus.state().impaired).toHaveLength(1);
    await outside.send(Innocent, { n: 11 });
    await vi.waitFor(() => expect(handled.innocent).toContain(11), PATIENCE);

    proxy.marker = undefined;
    await vi.waitFor(() => expect([...handled.poisoned]).toEqual(expect.arrayContaining([0, 1])), PATIENCE);
    await vi.waitFor(() => expect(bus.state().status).toBe("ready"), PATIENCE);
    expect(bus.state().impaired).toEqual([]);
  });
});
