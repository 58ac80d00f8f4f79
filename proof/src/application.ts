/**
 * An application in its own process: `application.ts NAME CONCURRENCY HANDLER_MS`, with the broker in WAYBILL_TRANSPORT.
 * It reports the begin and the end of each handler to its parent before it acknowledges the message.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createBus, service, stopOnSignals } from "@waybill/core";
import type { FromApplication } from "./application-process.ts";
import { workOf } from "./contracts.ts";

const [name = "", concurrency, handlerMs] = process.argv.slice(2);

function report(message: FromApplication): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

const bus = await createBus({
  transport: process.env["WAYBILL_TRANSPORT"] ?? "memory:",
  concurrency: Number(concurrency),
  services: [
    service(name).handle(workOf(name), async ({ number }) => {
      await report({ what: "began", number });
      await pause(Number(handlerMs));
      await report({ what: "handled", number });
    }),
  ],
});
await bus.start();
stopOnSignals(bus, { onStopped: () => process.disconnect() });
await report({ what: "started" });
