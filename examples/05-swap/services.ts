import { service, type Service } from "@waybill/core";
import { OrderPlaced, PlaceOrder, Remind } from "./contracts.ts";

/** Told what a service did for which order; `step` puts the lines of one order in order. */
export type Note = (orderId: string, step: number, line: string) => void;

/** Owns the command: tells two facts of each order, and to be reminded of it soon. */
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

/** One of several that hear of it. */
export function listener(name: string, at: number, note: Note): Service {
  return service(`swap-${name}`).on(OrderPlaced, ({ orderId, step }) =>
    note(orderId, at + step, `${name}: step ${step}`),
  );
}

/** Deployed after the facts. */
export function audit(name: string, note: Note): Service {
  return service(name).on(
    OrderPlaced,
    ({ orderId, step }) => note(orderId, 8 + step, `audit: step ${step}`),
    { from: "earliest" },
  );
}
