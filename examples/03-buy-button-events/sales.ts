import { service, type Service } from "@waybill/core";
import { OrderPlaced } from "./contracts.ts";
import type { Note } from "./note.ts";

/** Counts what is sold. Deployed long after the first orders, it reads them all the same. */
export function sales(note: Note): Service {
  return service("sales").on(
    OrderPlaced,
    ({ orderId }) => {
      note(orderId, 4, `${orderId} sales: counted`);
    },
    { from: "earliest" },
  );
}
