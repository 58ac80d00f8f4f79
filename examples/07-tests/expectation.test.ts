import { readFileSync } from "node:fs";
import { ExpectationFailed, testBus } from "@waybill/testing";
import { expect, it } from "vitest";
import { payments } from "./careful.ts";
import { OrderPaid, PayOrder } from "./contracts.ts";

it("a failed expectation prints everything that the bus saw", async () => {
  const bus = await testBus([payments({ charge: async () => undefined })]);
  await bus.send(PayOrder, { orderId: 7, euros: 20 });
  await bus.settled();
  const wrong = (): unknown => bus.published(OrderPaid).including({ orderId: 8 });
  expect(wrong).toThrow(ExpectationFailed);
  const shown = readFileSync(new URL("expectation.txt", import.meta.url), "utf8");
  expect(wrong).toThrow(shown.trimEnd());
});
