import { service, type Service } from "@waybill/core";
import type { Bank } from "./bank.ts";
import { OrderPaid, PayOrder } from "./contracts.ts";

// #region careless
export function carelessPayments(bank: Bank): Service {
  return service("payments").handle(PayOrder, async ({ orderId, euros }, context) => {
    await bank.charge({ euros });
    await context.publish(OrderPaid, { orderId });
  });
}
// #endregion careless
