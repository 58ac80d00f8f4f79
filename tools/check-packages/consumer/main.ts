// The consumer fixture: TypeScript compiles it against the installed tarballs, and it runs.
import { command, createBus, event, service, type Bus } from "@waybill/core";
import type { Transport } from "@waybill/core/transport";
import { createTransport } from "@waybill/memory";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { z } from "zod";

const Weigh = command("shop.weigh", {
  data: z.object({ grams: z.number() }),
  reply: z.object({ kilos: z.number() }),
});
const Weighed = event("shop.weighed", { data: z.object({ grams: z.number() }) });

const received: number[] = [];
const scales = service("scales").handle(Weigh, async ({ grams }, context) => {
  await context.publish(Weighed, { grams });
  return { kilos: grams / 1000 };
});
const log = service("log").on(Weighed, ({ grams }) => void received.push(grams));

const transport: Transport = createTransport("memory:", systemEnvironment);
const bus: Bus = await createBus({ transport, services: [scales, log] });
await bus.start();
const { kilos } = await bus.request(Weigh, { grams: 1500 });
await bus.stop();
// @ts-expect-error an event has no single owner
const wrong = (): Promise<void> => bus.send(Weighed, { grams: 1 });
if (kilos !== 1.5 || received.join() !== "1500" || typeof wrong !== "function")
  throw new Error("wrong result");

// Another broker is another string: the adapter is found by its name.
const named = await createBus({ transport: "memory:shop", services: [log] });
await named.start();
await named.publish(Weighed, { grams: 2 });
await named.stop();
if (received.join() !== "1500,2") throw new Error("no event received");
