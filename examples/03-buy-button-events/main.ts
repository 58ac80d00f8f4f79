import { createBus } from "@waybill/core";
import { Journal } from "../shared/journal.ts";
import { ORDERS } from "../shared/orders.ts";
import { CustomerNotified, OrderPlaced, ProductDispatched } from "./contracts.ts";
import type { Note } from "./note.ts";
import { notifications } from "./notifications.ts";
import { sales } from "./sales.ts";
import { buy } from "./shop.ts";
import { warehouse } from "./warehouse.ts";

const transport = process.env["WAYBILL_TRANSPORT"] ?? "memory:shop";
const journal = new Journal();
const note: Note = (...entry) => journal.note(...entry);

const shop = await createBus({
  transport,
  name: "shop",
  services: [warehouse(note), notifications(note)],
  sends: [OrderPlaced, ProductDispatched, CustomerNotified],
});
await shop.start();
await Promise.all(ORDERS.map((order) => buy(shop, order)));
await journal.lines(3 * ORDERS.length);
await shop.stop();

// A month later, another team deploys another service. The code above does not change, and none of it is running.
const later = await createBus({ transport, services: [sales(note)] });
await later.start();
for (const line of await journal.lines(4 * ORDERS.length)) console.log(line);
await later.stop();
