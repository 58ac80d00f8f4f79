import { command, event, service } from "@waybill/core";
import { z } from "zod";

export const Dispatch = command("warehouse.dispatch", {
  data: z.object({ orderId: z.number(), address: z.string().min(1) }),
  reply: z.object({ trackingId: z.string() }),
});
export const Dispatched = event("warehouse.dispatched", {
  data: z.object({ orderId: z.number(), trackingId: z.string() }),
});

/** The interface of the courier that the warehouse uses. */
export interface Courier {
  book(address: string): Promise<string>;
}

export const warehouse = (courier: Courier) =>
  service("warehouse").handle(Dispatch, async ({ orderId, address }, { publish }) => {
    const trackingId = await courier.book(address);
    await publish(Dispatched, { orderId, trackingId });
    return { trackingId };
  });
