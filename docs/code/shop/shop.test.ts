// #region happy
import { testBus } from "@waybill/testing";
import { expect, it } from "vitest";
import { Dispatch, Dispatched, warehouse } from "./shop.ts";

it("dispatches the order, replies, and publishes an event", async () => {
  const bus = await testBus([warehouse({ book: () => Promise.resolve("WB-1") })]);
  const { trackingId } = await bus.request(Dispatch, { orderId: 1, address: "1 Streetford Road" });
  expect(trackingId).toBe("WB-1");
  expect(bus.published(Dispatched).one()).toEqual({ orderId: 1, trackingId: "WB-1" });
  await bus.stop();
});
// #endregion happy

// #region retries
it("retries after a backoff, and publishes nothing until it succeeds", async () => {
  let calls = 0;
  const courier = {
    book: () => (++calls < 4 ? Promise.reject(new Error("no lorry")) : Promise.resolve("WB-2")),
  };
  const bus = await testBus([warehouse(courier)]);
  await bus.send(Dispatch, { orderId: 2, address: "2 Roadford Avenue" });
  await bus.settled();
  expect(calls).toBe(3); // one call and two immediate retries
  bus.published(Dispatched).none();

  await bus.advance("1s"); // the first delayed retry; the test does not wait
  expect(bus.published(Dispatched).one().trackingId).toBe("WB-2");
  bus.deadLetters().none();
  await bus.stop();
});
// #endregion retries

// #region dead
it("keeps an order that cannot be dispatched as a dead letter", async () => {
  const bus = await testBus([warehouse({ book: () => Promise.reject(new Error("no lorry")) })]);
  await bus.send(Dispatch, { orderId: 3, address: "3 Avenue Fordstreet" });
  await bus.advance("1h");
  expect(bus.deadLetters().one()).toMatchObject({ service: "warehouse" });
  bus.published(Dispatched).none();
  await bus.stop();
});
// #endregion dead
