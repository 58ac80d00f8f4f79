import { event } from "@waybill/core";
import { z } from "zod";

const orderId = z.number().int();
const byOrder = (data: { orderId: number }): string => String(data.orderId);

/** Published by the shop. The broker keeps it for a year, so a service that is deployed later can read it. */
export const OrderPlaced = event("shop.order-placed", {
  data: z.object({ orderId, address: z.string().min(1), amount: z.number().nonnegative().default(0) }),
  key: byOrder,
  retain: "365d",
});

/** Published by the warehouse. */
export const ProductDispatched = event("warehouse.product-dispatched", {
  data: z.object({ orderId, trackingId: z.string() }),
  key: byOrder,
});

/** Published by the notifications service. */
export const CustomerNotified = event("notifications.customer-notified", {
  data: z.object({ orderId, by: z.enum(["email", "text"]) }),
  key: byOrder,
});
