import type { Messenger } from "@waybill/core";
import { OrderPlaced } from "./contracts.ts";

/** The BUY button: the shop publishes that an order was placed, and depends on no other service. */
export async function buy(
  bus: Messenger,
  order: { orderId: number; address: string; amount?: number },
): Promise<void> {
  await bus.publish(OrderPlaced, order);
}
