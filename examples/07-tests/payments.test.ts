import { arbitraryOf, simulate, testBus } from "@waybill/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { application } from "./application.ts";
import type { Charge } from "./bank.ts";
import { payments } from "./careful.ts";
import { carelessPayments } from "./careless.ts";
import { OrderPaid, PayOrder } from "./contracts.ts";
import { receipts } from "./receipts.ts";

// #region first
it("charges the card and publishes that the order is paid", async () => {
  const charges: Charge[] = [];
  const bus = await testBus([payments({ charge: async (charge) => void charges.push(charge) })]);

  await bus.send(PayOrder, { orderId: 7, euros: 20 });
  await bus.settled();

  expect(charges).toEqual([{ euros: 20, reference: "order-7" }]);
  expect(bus.published(OrderPaid).one()).toEqual({ orderId: 7 });
  bus.deadLetters().none();
});
// #endregion first

// #region time
it("retries while the bank is closed, and gives up after the last retry", async () => {
  let isOpen = false;
  const charge = async (): Promise<void> => {
    if (!isOpen) throw new Error("the bank is closed");
  };
  const bus = await testBus([payments({ charge })]);

  await bus.send(PayOrder, { orderId: 7, euros: 20 });
  await bus.settled();
  bus.handled(PayOrder).none();

  isOpen = true;
  await bus.advance("10s");
  bus.handled(PayOrder).one();

  isOpen = false;
  await bus.send(PayOrder, { orderId: 8, euros: 20 });
  await bus.advance("1h");
  expect(bus.deadLetters().one().message).toBe("the bank is closed");
});
// #endregion time

// #region together
it("sends a receipt for each paid order", async () => {
  const sent: number[] = [];
  const bus = await testBus([
    payments({ charge: async () => undefined }),
    receipts({ send: async ({ orderId }) => void sent.push(orderId) }),
  ]);

  await bus.send(PayOrder, { orderId: 7, euros: 20 });
  await bus.settled();

  expect(sent).toEqual([7]);
});
// #endregion together

// #region data
it("charges the amount of any valid order", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOf(PayOrder), async (order) => {
      const charges: Charge[] = [];
      const bus = await testBus([payments({ charge: async (charge) => void charges.push(charge) })]);
      await bus.send(PayOrder, order);
      await bus.settled();
      expect(charges).toMatchObject([{ euros: order.euros }]);
    }),
  );
});
// #endregion data

// #region simulate
it("charges each order exactly once under all faults", { timeout: 60_000 }, async () => {
  await simulate((world) => application(world, payments));
});
// #endregion simulate

it("the simulator finds the double charge of the careless handler", async () => {
  const careless = simulate((world) => application(world, carelessPayments), { seed: 7 });
  await expect(careless).rejects.toThrow("charge happens exactly once: charge happened twice for 20 EUR");
});
