// #region test
import { serviceOf } from "@waybill/inversify";
import { testBus } from "@waybill/testing";
import { Container } from "inversify";
import { expect, it } from "vitest";
import { Journal } from "../shared/journal.ts";
import { Dispatch, Dispatched } from "./contracts.ts";
import { Courier } from "./courier.ts";
import { Ledger } from "./ledger.ts";
import { Warehouse } from "./warehouse.ts";

it("dispatches the order, replies, and publishes an event", async () => {
  const container = new Container();
  container.bind(Courier).toConstantValue({ book: () => "WB-1" } as unknown as Courier);
  container.bind(Ledger).toSelf();
  container.bind(Journal).toSelf().inSingletonScope();

  const bus = await testBus([serviceOf("warehouse", [Warehouse])], { container });
  const { trackingId } = await bus.request(Dispatch, { orderId: 1, address: "1 Streetford Road" });
  expect(trackingId).toBe("WB-1");
  expect(bus.published(Dispatched)).toHaveLength(1);
  await bus.stop();
});
// #endregion test
