import { createBus, event, service } from "@waybill/core";
import { z } from "zod";

const Placed = event("shop.placed", { data: z.object({ orderId: z.number() }) });
const lines: string[] = [];
let both: () => void = () => undefined;
const note = (line: string): void => {
  if (lines.push(line) === 2) both();
};

// #region services
const warehouse = service("warehouse", { concurrency: 4 }).on(Placed, ({ orderId }) =>
  note(`warehouse packs ${orderId}`),
);
const mailer = service("mailer", { recovery: { immediate: 0 } }).on(Placed, ({ orderId }) =>
  note(`mailer thanks for ${orderId}`),
);

// One process, one connection: each service has its own consumer group, its own limits and its own dead letters.
const bus = await createBus({
  transport: "memory:",
  name: "shop",
  services: [warehouse, mailer],
  sends: [Placed],
});
// #endregion services
await bus.start();
const finished = new Promise<void>((resolve) => (both = resolve));
await bus.publish(Placed, { orderId: 7 });
await finished;
console.log(lines.toSorted().join("\n"));
await bus.stop();
