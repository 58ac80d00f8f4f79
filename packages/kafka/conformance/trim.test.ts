import { startForTests } from "@waybill/brokers/for-tests";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, describe, expect, it } from "vitest";
import { kafkaTransport } from "../src/index.ts";

const broker = await startForTests("kafka");

describe.skipIf(broker === undefined)("the settled records", { timeout: 60_000 }, () => {
  const url = broker?.url ?? "";
  const admin = new Kafka({ brokers: [url.slice("kafka://".length)], logLevel: logLevel.NOTHING }).admin();
  afterAll(() => broker?.end());

  it("of a queue are deleted up to the first unsettled one", async () => {
    const transport = kafkaTransport({ url, trimMs: 200 });
    await transport.connect(AbortSignal.timeout(20_000));
    const queue = { kind: "queue", name: "orders", lanes: 1 } as const;
    await transport.provision({ queues: [queue], topics: [], groups: [], services: ["shop"] }, "apply");
    const ids = Array.from({ length: 10 }, (_, at) => String(at));
    const batch = ids.map((id) => ({
      id,
      destination: { kind: "queue", name: "orders" } as const,
      type: undefined,
      correlationId: undefined,
      key: undefined,
      lane: 0,
      deliverAt: undefined,
      contentType: "text/plain",
      headers: {},
      body: Buffer.from(id),
    }));
    expect((await transport.publish(batch)).every(({ ok }) => ok)).toBe(true);
    const subscription = await transport.subscribe({ ...queue, group: "shop" }, ({ message }) =>
      message.id === "7" ? new Promise(() => undefined) : Promise.resolve({ type: "ack" }),
    );
    subscription.credit(20);
    await admin.connect();
    await expect
      .poll(
        async () => (await admin.fetchTopicOffsets("orders--queue")).map(({ low, high }) => [low, high]),
        {
          timeout: 20_000,
        },
      )
      .toEqual([["7", "10"]]);
    await admin.disconnect();
    await transport.close(systemEnvironment.clock.now());
  });
});
