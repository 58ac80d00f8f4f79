import { createBus, event, service } from "@waybill/core";
import { z } from "zod";

const Placed = event("shop.placed", {
  data: z.object({ orderId: z.number() }),
  key: ({ orderId }) => String(orderId),
  retain: "30d",
});
const mailer = service("mailer").on(Placed, () => undefined);

// #region explain
const bus = await createBus({ transport: "memory:", services: [mailer] });
await bus.start();
console.log(bus.explain().toString());
// #endregion explain
await bus.stop();
