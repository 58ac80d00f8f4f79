import { command, createBus, event, service, type Contract, type Service } from "@waybill/core";
import { z } from "zod";

const data = z.object({ id: z.string() });
const key = ({ id }: { id: string }): string => id;

const Plain = command("stock.count", { data });
const Laned = command("stock.pick", { data, key, lanes: 2 });
const Fact = event("stock.counted", { data });
const Kept = event("stock.picked", { data, key, lanes: 2, retain: "30d" });
const Asked = command("stock.ask", { data, reply: data });

/** One feature that an application may use, in the order of the page. */
export interface Step {
  readonly title: string;
  readonly services: readonly Service[];
  readonly sends?: readonly Contract[];
}

const nothing = (): void => undefined;

/** The steps in the order of the page; each starts on the broker that the steps before it have changed. */
export const STEPS: readonly Step[] = [
  { title: "a service that owns a command", services: [service("clerk").handle(Plain, nothing)] },
  {
    title: "a service that owns a command with a key, two lanes",
    services: [service("picker").handle(Laned, nothing)],
  },
  { title: "a published event", services: [], sends: [Fact] },
  { title: "a service that subscribes to it", services: [service("auditor").on(Fact, nothing)] },
  { title: "an event with a key, two lanes, kept for 30 days", services: [], sends: [Kept] },
  {
    title: "a service that subscribes to its history",
    services: [service("analyst").on(Kept, nothing, { from: "earliest" })],
  },
  {
    title: "a process that waits for a reply",
    services: [service("oracle").handle(Asked, (asked) => asked)],
  },
];

/** Starts a bus for a step, reads the topology while it runs, and stops it. */
export async function withStepBus(
  transport: string,
  step: Step,
  readTopology: () => Promise<void>,
): Promise<void> {
  const bus = await createBus({
    transport,
    name: "topology",
    services: step.services,
    sends: step.sends ?? [],
  });
  await bus.start();
  if (step.services.some(({ name }) => name === "oracle")) await bus.request(Asked, { id: "1" });
  await readTopology();
  await bus.stop();
}
