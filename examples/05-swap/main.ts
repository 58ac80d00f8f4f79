// #region app
import { createBus } from "@waybill/core";
import { config } from "./config.ts";
import { PlaceOrder } from "./contracts.ts";
import { Diary } from "./diary.ts";
import { audit, listener, orders } from "./services.ts";

const diary = new Diary();
const services = [orders(diary.note), listener("warehouse", 1, diary.note), listener("mail", 4, diary.note)];
const bus = await createBus({ ...config, services });
await bus.start();
for (const [orderId, items] of [["A1", 2] as const, ["A2", 5] as const]) {
  const { total } = await bus.request(PlaceOrder, { orderId, items });
  diary.note(orderId, 0, `shop: ${total} to pay`);
}
const refusal: unknown = await bus.request(PlaceOrder, { orderId: "broken", items: 1 }).catch(String);
await diary.until(12);

const later = await createBus({ ...config, name: "later", services: [audit("swap-audit", diary.note)] });
await later.start();
for (const line of await diary.until(16)) console.log(line);
console.log(String(refusal).includes("no address") ? "broken  shop: refused" : refusal);
await bus.stop();
const broken = later.deadLetters("swap-orders");
for (const { failure } of await broken.discard()) console.log(`broken  dead letter: ${failure.message}`);
await later.stop();
// #endregion app
