import { service, type Service } from "@waybill/core";
import { OrderPlaced, ProductDispatched } from "./contracts.ts";
import type { Note } from "./note.ts";

/** Dispatches the product of each order. */
export function warehouse(note: Note): Service {
  return service("warehouse").on(OrderPlaced, async ({ orderId, address }, { publish }) => {
    const trackingId = `WB-${orderId}`;
    note(orderId, 1, `${orderId} warehouse: dispatched to ${address}`);
    await publish(ProductDispatched, { orderId, trackingId });
  });
}
