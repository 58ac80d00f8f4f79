import { service, type Service } from "@waybill/core";
import { OrderPlaced, PlaceOrder, Remind } from "./contracts.ts";

/** Records an action of a service for an order; `step` sorts the lines of one order. */
export type Note = (orderId: string, step: number, line: string) => void;

/** Owns the command: publishes two events for each order, and sends itself a delayed reminder. */
export function orders(note: Note): Service {
  return service("swap-orders", { recovery: { immediate: 2, delayed: false } })
    .handle(PlaceOrder, async ({ orderId, items }, { publish, send }) => {
      if (orderId.includes("broken")) throw new Error(`order ${orderId} has no address`);
      await publish(OrderPlaced, { orderId, step: 1 });
      await publish(OrderPlaced, { orderId, step: 2 });
      await send(Remind, { orderId }, { delay: "300ms" });
      return { total: items * 10 };
    })
    .handle(Remind, ({ orderId }) => note(orderId, 7, "orders: reminded"));
}

/** One of several services that subscribe to the event. */
export function listener(name: string, at: number, note: Note): Service {
  return service(`swap-${name}`).on(OrderPlaced, ({ orderId, step }) =>
    note(orderId, at + step, `${name}: step ${step}`),
  );
}

/** Deployed after the events were published; reads their history. */
export function audit(name: string, note: Note): Service {
  return service(name).on(
    OrderPlaced,
    ({ orderId, step }) => note(orderId, 8 + step, `audit: step ${step}`),
    { from: "earliest" },
  );
}
