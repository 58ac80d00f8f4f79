/**
 * An application in a process of its own: `application.ts NAME CONCURRENCY HANDLER_MS`, with the broker in
 * WAYBILL_TRANSPORT. It tells its parent what its handlers do, before the broker can hear that they have done it.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createBus, service, stopOnSignals } from "@waybill/core";
import type { FromApplication } from "./application-process.ts";
import { workOf } from "./contracts.ts";

const [name = "", concurrency, handlerMs] = process.argv.slice(2);

function tell(message: FromApplication): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

const bus = await createBus({
  transport: process.env["WAYBILL_TRANSPORT"] ?? "memory:",
  concurrency: Number(concurrency),
  services: [
    service(name).handle(workOf(name), async ({ number }) => {
      await tell({ what: "began", number });
      await pause(Number(handlerMs));
      await tell({ what: "handled", number });
    }),
  ],
});
await bus.start();
stopOnSignals(bus, { onStopped: () => process.disconnect() });
await tell({ what: "started" });
