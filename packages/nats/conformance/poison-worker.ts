/** An application that one of its messages kills: `poison-worker.ts URL`. It reports each handled message to its parent process. */
import { createBus, service, stopOnSignals } from "@waybill/core";
import { POISON, Work, WORKER } from "./poison-contract.ts";

const bus = await createBus({
  transport: process.argv[2] ?? "",
  services: [
    service(WORKER, { recovery: { delayed: false } }).handle(Work, async (number) => {
      if (number === POISON) process.kill(process.pid, "SIGKILL");
      await new Promise<void>((resolve) => process.send?.(number, () => resolve()));
    }),
  ],
});
await bus.start();
stopOnSignals(bus, { onStopped: () => process.disconnect() });
