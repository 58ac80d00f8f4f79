/** An application that one of its messages kills: `deadly.ts URL`. It reports each handled message to its parent process. */
import { createBus, service, stopOnSignals } from "@waybill/core";
import { DEADLY, Work, WORKER } from "./deadly-contract.ts";

const bus = await createBus({
  transport: process.argv[2] ?? "",
  services: [
    service(WORKER, { recovery: { delayed: false } }).handle(Work, async (number) => {
      if (number === DEADLY) process.kill(process.pid, "SIGKILL");
      await new Promise<void>((resolve) => process.send?.(number, () => resolve()));
    }),
  ],
});
await bus.start();
stopOnSignals(bus, { onStopped: () => process.disconnect() });
