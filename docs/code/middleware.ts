import { event, createBus, service } from "@waybill/core";
import { z } from "zod";

const Placed = event("shop.placed", { data: z.object({ orderId: z.number() }) });

// #region steps
import type { IncomingMiddleware, OutgoingMiddleware } from "@waybill/core";

/** Adds the tenant to every message. */
const tenant: OutgoingMiddleware = {
  name: "tenant",
  run: (envelope, next) => next({ ...envelope, extensions: { ...envelope.extensions, tenant: "north" } }),
};

/** Counts every call of a handler, by its result. */
const tries = new Map<string, number>();
const count: IncomingMiddleware = {
  name: "count",
  run: async ({ message, service: name }, next) => {
    let result = "failed";
    try {
      await next();
      result = "handled";
    } finally {
      const series = `${name} ${message.type} ${result} for ${String(message.extensions["tenant"])}`;
      tries.set(series, (tries.get(series) ?? 0) + 1);
    }
  },
};
// #endregion steps

let isFirst = true;
let done: () => void = () => undefined;
const handled = new Promise<void>((resolve) => (done = resolve));
const mailer = service("mailer").on(Placed, () => {
  if (isFirst) {
    isFirst = false;
    throw new Error("the mail server is busy");
  }
  done();
});

// #region bus
const bus = await createBus({
  transport: "memory:",
  services: [mailer],
  middleware: { incoming: [count], outgoing: [tenant] },
});
const end = bus.onState(({ isReady, status }) => {
  if (isReady) console.log(status); // other values: blocked, disconnected, impaired, with a reason
});
// #endregion bus
await bus.start();
await bus.publish(Placed, { orderId: 7 }, { extensions: { subject: "orders/7" } });
await handled;
await bus.stop();
end();
for (const [series, number] of tries) console.log(number, series);
