import { command, event, service } from "@waybill/core";
import { testBus } from "@waybill/testing";
import { z } from "zod";

const PayOrder = command("payments.pay-order", { data: z.object({ orderId: z.number() }) });
const OrderPaid = event("payments.order-paid", { data: z.object({ orderId: z.number() }) });
const payments = service("payments").handle(PayOrder, ({ orderId }, { publish }) =>
  publish(OrderPaid, { orderId }).then(() => undefined),
);

test("a paid order is published as paid", async () => {
  const bus = await testBus([payments]);
  await bus.send(PayOrder, { orderId: 7 });
  await bus.settled();
  expect(bus.published(OrderPaid).one()).toEqual({ orderId: 7 });
});
