import { service, type RecoveryOptions } from "@waybill/core";
import { Charge, Charged } from "./contracts.ts";

export const received = new Set<string>();
const threeRetries: RecoveryOptions = { immediate: 0, delayed: { rounds: 3, first: "100ms", factor: 2 } };

export const payments = service("payments", { recovery: threeRetries }).handle(
  Charge,
  async ({ orderId }, { publish }) => {
    if (orderId === 13) throw new Error("the card is refused");
    await publish(Charged, { orderId });
    return { receipt: `R-${orderId}` };
  },
);
export const mail = service("mail").on(Charged, ({ orderId }) => void received.add(`mail: ${orderId}`));
export const stock = service("stock").on(Charged, ({ orderId }) => void received.add(`stock: ${orderId}`));
