import { service, type Service } from "@waybill/core";
import type { Post } from "./bank.ts";
import { OrderPaid } from "./contracts.ts";

/** Sends a receipt for every order that is paid. */
export function receipts(post: Post): Service {
  return service("receipts").on(OrderPaid, ({ orderId }) => post.send({ orderId }));
}
