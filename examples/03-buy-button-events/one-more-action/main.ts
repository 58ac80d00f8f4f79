import { createBus } from "@waybill/core";
import { Journal } from "../../shared/journal.ts";
import { ORDERS } from "../../shared/orders.ts";
import { services } from "./services.ts";
import { buy } from "./shop.ts";

/** Example 02 with one more action: sales counts the orders. */
const journal = new Journal();
const bus = await createBus({
  transport: process.env["WAYBILL_TRANSPORT"] ?? "memory:",
  name: "shop",
  services: services(journal),
});
await bus.start();
await Promise.all(ORDERS.map((order) => buy(bus, order)));
for (const line of await journal.lines(4 * ORDERS.length)) console.log(line);
await bus.stop();
