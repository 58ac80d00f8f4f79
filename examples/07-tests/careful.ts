import { service, type Service } from "@waybill/core";
import type { Bank } from "./bank.ts";
import { OrderPaid, PayOrder } from "./contracts.ts";

// #region careful
export function payments(bank: Bank): Service {
  return service("payments").handle(PayOrder, async ({ orderId, euros }, context) => {
    await bank.charge({ euros, reference: `order-${orderId}` });
    await context.publish(OrderPaid, { orderId });
  });
}
// #endregion careful
