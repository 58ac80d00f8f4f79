import { service, type Service } from "@waybill/core";
import { OrderPlaced } from "./contracts.ts";
import type { Note } from "./note.ts";

/** Counts the orders. It reads the first orders, too, although it is deployed long after them. */
export function sales(note: Note): Service {
  return service("sales").on(
    OrderPlaced,
    ({ orderId }) => {
      note(orderId, 4, `${orderId} sales: counted`);
    },
    { from: "earliest" },
  );
}
