// #region app
import { BUS, busModule, serviceOf } from "@waybill/inversify";
import { Container } from "inversify";
import { Journal } from "../shared/journal.ts";
import { Dispatch } from "./contracts.ts";
import { Courier } from "./courier.ts";
import { Ledger } from "./ledger.ts";
import { Mailer } from "./mailer.ts";
import { Warehouse } from "./warehouse.ts";
import { Watch } from "./watch.ts";

const container = new Container();
container.bind(Courier).toSelf();
container.bind(Ledger).toSelf();
container.bind(Journal).toSelf().inSingletonScope();
await container.loadAsync(
  busModule(container, {
    transport: process.env["WAYBILL_TRANSPORT"] ?? "memory:",
    services: [serviceOf("warehouse", [Warehouse]), serviceOf("mailer", [Mailer])],
    middleware: { incoming: [Watch] },
    residents: [Courier],
  }),
);

const bus = container.get(BUS);
await bus.start();
const order = { orderId: 12004, address: "1 Streetford Road" };
const { trackingId } = await bus.request(Dispatch, order, { correlationId: "order-12004" });
const journal = container.get(Journal);
journal.note(order.orderId, 2, `shop: ${trackingId}`);
for (const line of await journal.lines(5)) console.log(line);
await bus.stop();
// #endregion app
