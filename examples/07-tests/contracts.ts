import { command, event } from "@waybill/core";
import { z } from "zod";

const orderId = z.number().int().positive();

// #region contracts
export const PayOrder = command("payments.pay-order", {
  data: z.object({ orderId, euros: z.number().int().min(1).max(5_000) }),
  key: (order) => String(order.orderId),
});
export const OrderPaid = event("payments.order-paid", {
  data: z.object({ orderId }),
  key: (order) => String(order.orderId),
});
// #endregion contracts
