import { service, type Service } from "@waybill/core";
import { CustomerNotified, OrderPlaced, ProductDispatched } from "./contracts.ts";
import type { Note } from "./note.ts";

/** Informs the customer by e-mail and by text message. */
export function notifications(note: Note): Service {
  return service("notifications")
    .on(OrderPlaced, async ({ orderId }, { publish }) => {
      note(orderId, 2, `${orderId} notifications: e-mail, thank you for order ${orderId}`);
      await publish(CustomerNotified, { orderId, by: "email" });
    })
    .on(ProductDispatched, async ({ orderId, trackingId }, { publish }) => {
      note(orderId, 3, `${orderId} notifications: text, track it as ${trackingId}`);
      await publish(CustomerNotified, { orderId, by: "text" });
    });
}
