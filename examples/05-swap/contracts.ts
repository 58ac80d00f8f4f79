import { command, event } from "@waybill/core";
import { z } from "zod";

const key = ({ orderId }: { readonly orderId: string }): string => orderId;
const orderId = z.string().min(1);

export const PlaceOrder = command("swap.place-order", {
  data: z.object({ orderId, items: z.number().int().positive() }),
  reply: z.object({ total: z.number() }),
  key,
});
/** Kept, so that services which come later can catch up. */
export const OrderPlaced = event("swap.order-placed", {
  data: z.object({ orderId, step: z.number().int() }),
  key,
  retain: "1h",
});
export const Remind = command("swap.remind", { data: z.object({ orderId }) });
