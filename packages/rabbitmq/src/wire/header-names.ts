/** Marks a header whose name means something to RabbitMQ or to the client, and whose bearer meant nothing by it. */
const MARK = "%";

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
export function isBrokers(name: string): boolean {
  return TAKEN.has(name);
}

export function escapedName(name: string): string {
  return name.startsWith(MARK) || TAKEN.has(name) ? `${MARK}${name}` : name;
}

export function originalName(name: string): string {
  return name.startsWith(MARK) ? name.slice(MARK.length) : name;
}
