import { headerNames } from "@waybill/core/transport-kit";

/** The reserved names. `CC` and `BCC` route (RabbitMQ: sender-selected distribution), JavaScript loses `__proto__`, RabbitMQ writes the others. */
const RESERVED: ReadonlySet<string> = new Set([
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

/** Whether RabbitMQ wrote a header. A publisher's header under a reserved name is escaped. */
export function isBrokerHeader(name: string): boolean {
  return RESERVED.has(name);
}

/** Returns the name of a header on the wire: escaped if RabbitMQ or JavaScript reserves it. */
export function escapedName(name: string): string {
  return headerNames.escape(name, RESERVED.has(name));
}
