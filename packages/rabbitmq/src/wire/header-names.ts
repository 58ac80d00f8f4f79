import { headerNames } from "@waybill/core/transport-kit";

/** `CC` and `BCC` route (RabbitMQ: sender-selected distribution), the others are written by the broker, `__proto__` is lost in JavaScript. */
const TAKEN: ReadonlySet<string> = new Set([
  "CC",
  "BCC",
  "__proto__",
  "x-delivery-count",
  "x-acquired-count",
  "x-death",
  "x-first-death-exchange",
  "x-first-death-queue",
  "x-first-death-reason",
  "x-last-death-exchange",
  "x-last-death-queue",
  "x-last-death-reason",
  "x-stream-offset",
]);

/** Whether the broker wrote a header by itself. */
export function isBrokerHeader(name: string): boolean {
  return TAKEN.has(name);
}

export function escapedName(name: string): string {
  return headerNames.escape(name, TAKEN.has(name));
}
