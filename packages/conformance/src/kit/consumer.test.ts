import { ACK, type Delivery } from "@waybill/core/transport";
import { describe, expect, it } from "vitest";
import { ACKNOWLEDGES, Consumer, SETTLES_LATER, type TestHandler } from "./consumer.ts";
import { taggedMessage } from "./generate/messages.ts";
import { History } from "./observe/history.ts";

describe("Consumer", () => {
  it("settles as its handler says and records the delivery", async () => {
    const { consumer, history } = consumerWith(ACKNOWLEDGES);
    consumer.credit(1);
    await expect(consumer.deliver(deliveryOf("a"))).resolves.toBe(ACK);
    expect(history.deliveries).toMatchObject([
      { tag: "a", at: 7, attempt: 1, settlement: ACK, isInFlight: false },
    ]);
  });

  it("reports deliveries beyond its credit, and does not count settled ones", async () => {
    const { consumer } = consumerWith(SETTLES_LATER);
    consumer.credit(1);
    const first = consumer.deliver(deliveryOf("a"));
    consumer.settleAll(ACK);
    await first;
    void consumer.deliver(deliveryOf("b"));
    expect(consumer.excess).toEqual([]);
    void consumer.deliver(deliveryOf("c"));
    expect(consumer.excess).toEqual(["c as number 2 with a credit of 1"]);
  });

  it("does not count a revoked delivery, whatever its handler returns later", async () => {
    const { consumer } = consumerWith(SETTLES_LATER);
    consumer.credit(1);
    const lost = new AbortController();
    const settlement = consumer.deliver(deliveryOf("a", lost.signal));
    lost.abort();
    void consumer.deliver(deliveryOf("b"));
    consumer.deliveries[0]?.settle(ACK);
    await settlement;
    void consumer.deliver(deliveryOf("c"));
    expect(consumer.excess).toEqual(["c as number 2 with a credit of 1"]);
    expect(consumer.deliveries.map(({ isRevoked }) => isRevoked)).toEqual([true, false, false]);
  });
});

function consumerWith(handler: TestHandler): { consumer: Consumer; history: History } {
  const history = new History();
  return {
    history,
    consumer: new Consumer({ history, now: () => 7, name: "m", group: "g", handler }),
  };
}

function deliveryOf(tag: string, signal: AbortSignal = new AbortController().signal): Delivery {
  const message = taggedMessage({ id: tag, to: { kind: "queue", name: "q" } });
  return { message, attempt: 1, attemptSource: "broker", lane: undefined, signal };
}
