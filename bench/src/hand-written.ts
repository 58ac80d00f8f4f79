import { randomUUID } from "node:crypto";
import { Order, orderOf } from "./order.ts";

/** A message on the wire, with the same facts as a Waybill message. */
interface Wire {
  readonly headers: { readonly "content-type": string };
  readonly body: Buffer;
}

let lastMs = 0;
let lastTime = "";

function time(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastTime = new Date(now).toISOString();
  }
  return lastTime;
}

function write(orderId: number): Wire {
  const data = Order.parse(orderOf(orderId));
  const id = randomUUID();
  const document = {
    specversion: "1.0",
    id,
    source: "shop",
    type: "bench.order",
    time: time(),
    correlationid: id,
    data,
  };
  return {
    headers: { "content-type": "application/cloudevents+json" },
    body: Buffer.from(JSON.stringify(document)),
  };
}

function read({ body }: Wire): { readonly id: string; readonly data: ReturnType<typeof Order.parse> } {
  const document = JSON.parse(body.toString()) as { id: string; data: unknown };
  return { id: document.id, data: Order.parse(document.data) };
}

/** Does the work of a message through the bus by hand: both validations, JSON both ways, id, time, headers. */
export async function handWritten(
  count: number,
  handle: (data: { orderId: number }) => Promise<void>,
): Promise<void> {
  for (let orderId = 0; orderId < count; orderId++) await handle(read(write(orderId)).data);
}
