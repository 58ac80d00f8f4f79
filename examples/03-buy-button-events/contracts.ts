import { event } from "@waybill/core";
import { z } from "zod";

const orderId = z.number().int();
const byOrder = (data: { orderId: number }): string => String(data.orderId);

/** A fact of the shop's. It is kept for a year: who comes later can read how it all began. */
export const OrderPlaced = event("shop.order-placed", {
  data: z.object({ orderId, address: z.string().min(1), amount: z.number().nonnegative().default(0) }),
  key: byOrder,
  retain: "365d",
});

/** A fact of the warehouse's. */
export const ProductDispatched = event("warehouse.product-dispatched", {
  data: z.object({ orderId, trackingId: z.string() }),
  key: byOrder,
});

/** A fact of the notifications'. */
export const CustomerNotified = event("notifications.customer-notified", {
  data: z.object({ orderId, by: z.enum(["email", "text"]) }),
  key: byOrder,
});
