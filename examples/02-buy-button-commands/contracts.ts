import { command } from "@waybill/core";
import { z } from "zod";

const orderId = z.number().int();
const byOrder = (data: { orderId: number }): string => String(data.orderId);

/** Owned by the warehouse, which replies with a tracking id. */
export const DispatchProduct = command("warehouse.dispatch-product", {
  data: z.object({ orderId, address: z.string().min(1) }),
  reply: z.object({ trackingId: z.string() }),
  key: byOrder,
});

/** Owned by the mailer. */
export const SendEmail = command("mailer.send-email", {
  data: z.object({ orderId, text: z.string() }),
  key: byOrder,
});

/** Owned by the texter. */
export const SendText = command("texter.send-text", {
  data: z.object({ orderId, text: z.string() }),
  key: byOrder,
});
