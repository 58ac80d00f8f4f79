// #region key
import { createBus, event, service } from "@waybill/core";
import { z } from "zod";

const StockCounted = event("warehouse.stock-counted", {
  data: z.object({ product: z.string(), count: z.number() }),
  key: ({ product }) => product, // equal keys are handled one after the other
  lanes: 8, // the number of partitions over which keys are spread; 4 by default
});
// #endregion key

const handled: string[] = [];
let done: () => void = () => undefined;
let penHandled: () => void = () => undefined;
const aPen = new Promise<void>((resolve) => (penHandled = resolve));
const shop = service("shop").on(StockCounted, async ({ product, count }) => {
  if (product === "book") await aPen; // waits for the first pen
  else penHandled();
  handled.push(`${product} ${count}`);
  if (handled.length === 6) done();
});

const bus = await createBus({ transport: "memory:", services: [shop], concurrency: 16 });
await bus.start();
const all = new Promise<void>((resolve) => (done = resolve));
for (const count of [3, 2, 1])
  for (const product of ["book", "pen"]) await bus.publish(StockCounted, { product, count });
await all;
for (const product of ["book", "pen"])
  console.log(handled.filter((line) => line.startsWith(product)).join(", "));
console.log(`a slow book did not delay the pens: ${handled[0]} came first`);
await bus.stop();
