// #region probes
import { createServer } from "node:http";
import { command, createBus, service, stopOnSignals } from "@waybill/core";
import { z } from "zod";

const Pack = command("warehouse.pack", { data: z.object({ orderId: z.number() }) });

const warehouse = service("warehouse").handle(Pack, async ({ orderId }, { signal }) => {
  started();
  await new Promise((resolve) => setTimeout(resolve, 100)); // the work; pass `signal` on to calls that can be aborted
  console.log(`packed ${orderId}, ${signal.aborted ? "too late" : "in time"}`);
});

const bus = await createBus({ transport: "memory:", services: [warehouse] });

// Readiness: whether this process receives and handles messages now.
const probes = createServer((_request, response) => {
  const { isReady, status } = bus.state();
  response.writeHead(isReady ? 200 : 503).end(status);
});
// #endregion probes

let started: () => void = () => undefined;
const running = new Promise<void>((resolve) => (started = resolve));
probes.listen(0, "127.0.0.1");

// #region stop
await bus.start();
stopOnSignals(bus, {
  timeout: "25s", // below terminationGracePeriodSeconds, which is 30
  onStopped: (signal) => {
    console.log(`stopped by ${signal}`);
    probes.close();
  },
});
// #endregion stop

await bus.send(Pack, { orderId: 7 });
await running;
process.kill(process.pid, "SIGTERM"); // Kubernetes sends this signal; the handler is still running
