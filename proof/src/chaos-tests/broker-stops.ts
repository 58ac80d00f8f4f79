import { setTimeout as pause } from "node:timers/promises";
import { createBus, service } from "@waybill/core";
import { uniqueName, workOf } from "../contracts.ts";
import { DeliveryLog } from "../log/delivery-log.ts";
import { load } from "../load.ts";
import type { Outcome, Target, Size, ChaosTest } from "../target.ts";

/** The wait before the fault: RabbitMQ loses a quorum queue if it is killed within about a second after the declaration. */
const QUEUE_STORED_MS = 2_000;

/** The broker stops in order and restarts while messages are sent and handled. */
export const brokerRestarted: ChaosTest = (target, size) =>
  underLoad("broker restart", { target, size }, () => target.broker.restart());

/** The broker is killed and restarts with its stored messages. */
export const brokerKilled: ChaosTest = (target, size) =>
  underLoad("broker SIGKILL", { target, size }, async () => {
    await target.broker.kill9();
    await target.broker.start();
  });

async function underLoad(
  test: string,
  { target, size }: { readonly target: Target; readonly size: Size },
  injectFault: () => Promise<void>,
): Promise<Outcome> {
  const name = uniqueName();
  const work = workOf(name);
  const log = new DeliveryLog();
  const bus = await createBus({
    transport: target.broker.url,
    timeouts: { publish: "2m" },
    services: [service(name).handle(work, ({ number }) => log.handled(number))],
  });
  await bus.start();
  await pause(QUEUE_STORED_MS);
  const half = Math.floor(size.messages / 2);
  const loading = load(bus, { work, log }, half);
  await log.reached(Math.floor(half / 2));
  log.faultInjected();
  // Even with a fast broker, these messages are sent during the fault.
  const rest = load(bus, { work, log, from: half }, size.messages);
  const began = performance.now();
  await injectFault();
  const downMs = performance.now() - began;
  await Promise.all([loading, rest]);
  await log.settled();
  await bus.stop();
  return log.outcome(test, { note: `the broker was down for ${(downMs / 1_000).toFixed(1)} s` });
}
