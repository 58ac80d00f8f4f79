import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate, testBus } from "@waybill/testing";
import { application } from "./application.ts";
import type { Charge } from "./bank.ts";
import { payments } from "./careful.ts";
import { carelessPayments } from "./careless.ts";
import { OrderPaid, PayOrder } from "./contracts.ts";

// #region node-test
test("charges the card and publishes that the order is paid", async () => {
  const charges: Charge[] = [];
  const bus = await testBus([payments({ charge: async (charge) => void charges.push(charge) })]);

  await bus.send(PayOrder, { orderId: 7, euros: 20 });
  await bus.settled();

  assert.deepEqual(charges, [{ euros: 20, reference: "order-7" }]);
  assert.deepEqual(bus.published(OrderPaid).one(), { orderId: 7 });
  bus.deadLetters().none();
});

test("charges each order exactly once under all faults", async () => {
  await simulate((world) => application(world, payments));
});
// #endregion node-test

test("the simulator finds the double charge of the careless handler", async () => {
  const careless = simulate((world) => application(world, carelessPayments), { seed: 7 });
  await assert.rejects(careless, /charge happened twice for 20 EUR/);
});
