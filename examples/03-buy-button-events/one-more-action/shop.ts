import type { Messenger } from "@waybill/core";
import { DispatchProduct, RecordSale, SendEmail, SendText } from "./contracts.ts";

/** The BUY button: the shop sends a command to every service, so it depends on all of them. */
export async function buy(bus: Messenger, order: { orderId: number; address: string }): Promise<string> {
  const { orderId } = order;
  const { trackingId } = await bus.request(DispatchProduct, order);
  await bus.send(SendEmail, { orderId, text: `order ${orderId} is on its way: ${trackingId}` });
  await bus.send(SendText, { orderId, text: `track it as ${trackingId}` });
  await bus.send(RecordSale, { orderId });
  return trackingId;
}
