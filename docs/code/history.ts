// #region retain
import { createBus, event, service } from "@waybill/core";
import { z } from "zod";

const OrderPlaced = event("shop.order-placed", {
  data: z.object({ orderId: z.number() }),
  key: ({ orderId }) => String(orderId),
  retain: "30d", // the broker keeps each event for 30 days, for consumer groups that are created later
});
// #endregion retain

const transport = process.env["WAYBILL_TRANSPORT"] ?? "memory:history";
const shop = await createBus({ transport, name: "shop", sends: [OrderPlaced] });
await shop.start();
for (const orderId of [1, 2, 3]) await shop.publish(OrderPlaced, { orderId });

// #region late
let all: () => void = () => undefined;
const seen: number[] = [];
const sales = service("sales").on(
  OrderPlaced,
  ({ orderId }) => {
    seen.push(orderId);
    if (seen.length === 4) all();
  },
  { from: "earliest" }, // a new consumer group reads the history first, then the new events
);
// #endregion late

const later = await createBus({ transport, services: [sales] });
const finished = new Promise<void>((resolve) => (all = resolve));
await later.start();
await shop.publish(OrderPlaced, { orderId: 4 });
await finished;
console.log(`sales saw ${seen.toSorted((a, b) => a - b).join(", ")}`);
await Promise.all([later.stop(), shop.stop()]);
