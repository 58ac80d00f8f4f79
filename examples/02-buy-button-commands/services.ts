import { service, type Service } from "@waybill/core";
import type { Journal } from "../shared/journal.ts";
import { DispatchProduct, SendEmail, SendText } from "./contracts.ts";

/** Three services; each owns one command. */
export function services(journal: Journal): readonly Service[] {
  return [
    service("warehouse").handle(DispatchProduct, ({ orderId, address }) => {
      journal.note(orderId, 1, `${orderId} warehouse: dispatched to ${address}`);
      return { trackingId: `WB-${orderId}` };
    }),
    service("mailer").handle(SendEmail, ({ orderId, text }) => {
      journal.note(orderId, 2, `${orderId} mailer: ${text}`);
    }),
    service("texter").handle(SendText, ({ orderId, text }) => {
      journal.note(orderId, 3, `${orderId} texter: ${text}`);
    }),
  ];
}
