import { command, event } from "@waybill/core";
import { z } from "zod";

const key = ({ orderId }: { readonly orderId: number }): string => String(orderId);

export const Dispatch = command("warehouse.dispatch", {
  data: z.object({ orderId: z.number().int(), address: z.string().min(1) }),
  reply: z.object({ trackingId: z.string() }),
  key,
});

export const Dispatched = event("warehouse.dispatched", {
  data: z.object({ orderId: z.number().int(), trackingId: z.string() }),
  key,
});
