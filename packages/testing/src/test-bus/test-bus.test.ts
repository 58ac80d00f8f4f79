import { command, event, service, isMessagingError } from "@waybill/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ExpectationFailed } from "./expectation-failed.ts";
import { testBus } from "./test-bus.ts";

const Dispatch = command("warehouse.dispatch", {
  data: z.object({ orderId: z.number(), address: z.string().default("counter") }),
  reply: z.object({ trackingId: z.string() }),
});
const Dispatched = event("warehouse.dispatched", {
  data: z.object({ orderId: z.number(), shipment: z.object({ id: z.string(), kg: z.number() }) }),
});
const Unused = event("warehouse.unused", { data: z.object({ n: z.number() }) });

const warehouse = service("warehouse").handle(Dispatch, async ({ orderId }, context) => {
  await context.publish(Dispatched, { orderId, shipment: { id: `p${orderId}`, kg: 2 } });
  if (orderId < 0) throw new Error("no such order");
  return { trackingId: `t${orderId}` };
});

function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ExpectationFailed) return error.message;
    throw error;
  }
  throw new Error("expected a failure, but it succeeded");
}

describe("testBus", () => {
  it("shows the sent, published and handled data, typed by contract", async () => {
    const bus = await testBus([warehouse]);
    await bus.send(Dispatch, { orderId: 7 });
    await bus.settled();
    expect(bus.sent(Dispatch).one()).toEqual({ orderId: 7 });
    expect(bus.published(Dispatched).one().shipment.kg).toBe(2);
    expect(bus.handled(Dispatch).count).toBe(1);
    bus.deadLetters().none();
    bus.published(Unused).none();
  });

  it("answers requests without a call of advance", async () => {
    const bus = await testBus([warehouse]);
    await expect(bus.request(Dispatch, { orderId: 1 })).resolves.toEqual({ trackingId: "t1" });
    expect([...bus.sent(Dispatch)]).toEqual([{ orderId: 1 }]);
  });

  it("times out an unanswered request without real waiting", async () => {
    const bus = await testBus([warehouse]);
    const Nobody = command("nobody.there", { data: z.object({}), reply: z.object({}) });
    const error: unknown = await bus.request(Nobody, {}, { timeout: "1h" }).catch((cause: unknown) => cause);
    expect(isMessagingError(error, "request-timeout")).toBe(true);
  });

  it("runs delayed retries as the time advances, and shows the dead letter", async () => {
    const bus = await testBus([warehouse]);
    await bus.send(Dispatch, { orderId: -1 });
    await bus.settled();
    bus.deadLetters().none();
    await bus.advance("2s");
    bus.deadLetters().none();
    await bus.advance("10m");
    expect(bus.deadLetters().one()).toMatchObject({
      service: "warehouse",
      type: "warehouse.dispatch",
      data: { orderId: -1 },
      code: "handler-failed",
      tries: 12,
    });
    bus.handled(Dispatch).none();
  });

  it("does not count the messages of a failed handler as published", async () => {
    const bus = await testBus([warehouse], { recovery: { immediate: 0, delayed: false } });
    await bus.send(Dispatch, { orderId: -1 });
    await bus.settled();
    bus.published(Dispatched).none();
    bus.deadLetters().one();
  });

  it("delivers a delayed message when it is due", async () => {
    const bus = await testBus([warehouse]);
    await bus.send(Dispatch, { orderId: 1 }, { delay: "10m" });
    await bus.advance("9m");
    bus.handled(Dispatch).none();
    await bus.advance("1m");
    bus.handled(Dispatch).one();
  });

  it("shows the events of the bus in a failed expectation", async () => {
    const bus = await testBus([warehouse]);
    expect(failure(() => bus.sent(Dispatch).one())).toBe(
      "Expected one command warehouse.dispatch to be sent, but there was none.\n" +
        "Nothing has happened on this bus yet. Does the test await settled()?",
    );
    await bus.send(Dispatch, { orderId: 7 });
    await bus.settled();
    expect(failure(() => bus.published(Dispatched).none())).toBe(
      "Expected no event warehouse.dispatched to be published, but there was one.\n" +
        "Seen so far:\n" +
        '  0 ms  the test  sent  warehouse.dispatch {"orderId":7}\n' +
        '  0 ms  warehouse  published  warehouse.dispatched {"orderId":7,"shipment":{"id":"p7","kg":2}}\n' +
        '  0 ms  warehouse  handled  warehouse.dispatch {"orderId":7}',
    );
    expect(failure(() => bus.published(Dispatched).times(2))).toContain(
      "Expected event warehouse.dispatched to be published 2 times, but there was one.\n",
    );
    expect(failure(() => bus.published(Dispatched).including({ shipment: { kg: 3 } }))).toContain(
      'Expected event warehouse.dispatched to be published with {"shipment":{"kg":3}}, but the only one differs.',
    );
    expect(bus.published(Dispatched).including({ shipment: { kg: 2 } }).orderId).toBe(7);
  });

  it("stops without a pending timer", async () => {
    const bus = await testBus([warehouse]);
    await bus.request(Dispatch, { orderId: 1 });
    await bus.stop();
    expect(bus.clock.pending).toBe(0);
    expect(bus.bus.state().status).toBe("stopped");
  });

  it("refuses an invalid duration", async () => {
    const bus = await testBus([warehouse]);
    for (const bad of ["5", "soon", -1, Number.NaN])
      expect(() => bus.advance(bad as number)).toThrow(/\[invalid-duration\]/);
  });
});
