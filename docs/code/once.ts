// #region once
import { command, createBus, event, service } from "@waybill/core";
import { z } from "zod";

const Pack = command("warehouse.pack", { data: z.object({ orderId: z.number() }) });
const Packed = event("warehouse.packed", { data: z.object({ orderId: z.number() }) });

const ids: string[] = [];
const warehouse = service("warehouse").handle(Pack, async ({ orderId }, { publish }) => {
  const { id } = await publish(Packed, { orderId }); // sent when the handler has succeeded
  ids.push(id);
  if (ids.length < 3) throw new Error("the power went");
});
const shop = service("shop").on(Packed, ({ orderId }, { message }) => {
  console.log(`order ${orderId} is packed: published once`);
  console.log(`three attempts used ${new Set([...ids, message.id]).size} message id`);
  done();
});
// #endregion once

let done: () => void = () => undefined;
const finished = new Promise<void>((resolve) => (done = resolve));
const bus = await createBus({ transport: "memory:", name: "all", services: [warehouse, shop] });
await bus.start();
await bus.send(Pack, { orderId: 7 });
await finished;
await bus.stop();
