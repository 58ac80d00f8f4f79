import { command, createBus, event, service } from "@waybill/core";
import { z } from "zod";
import { Notes } from "./note.ts";

const notes = new Notes();
// #region app
const Dispatch = command("warehouse.dispatch", {
  data: z.object({ orderId: z.number() }),
  reply: z.object({ trackingId: z.string() }),
});
const Dispatched = event("warehouse.dispatched", { data: z.object({ orderId: z.number() }) });

const warehouse = service("warehouse").handle(Dispatch, async ({ orderId }, { publish }) => {
  await publish(Dispatched, { orderId });
  return { trackingId: `WB-${orderId}` };
});
const mailer = service("mailer", { recovery: { immediate: 3, delayed: false } }).on(
  Dispatched,
  ({ orderId }) => {
    if (orderId === 13) throw new Error("no such address");
    notes.add(`mailer wrote about order ${orderId}`);
  },
);
const sales = service("sales").on(Dispatched, ({ orderId }) => notes.add(`sales counted order ${orderId}`));

const bus = await createBus({
  transport: process.env["WAYBILL_TRANSPORT"] ?? "memory:",
  name: "shop",
  services: [warehouse, mailer, sales],
});
await bus.start();
for (const orderId of [12, 13]) {
  const { trackingId } = await bus.request(Dispatch, { orderId });
  notes.add(`shop received ${trackingId}`);
}
// #endregion app
for (;;) {
  const [letter] = await bus.deadLetters("mailer").list();
  if (letter !== undefined) {
    notes.add(`mailer gave up order 13 after ${letter.failure.tries} tries`);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await notes.print(6);
await bus.stop();
