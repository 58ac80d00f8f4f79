import { setTimeout as pause } from "node:timers/promises";
import { createBus, service } from "@waybill/core";
import { uniqueName, workOf } from "../contracts.ts";
import { Ledger } from "../ledger/ledger.ts";
import { load } from "../load.ts";
import type { Outcome, Site, Size, Trial } from "../site.ts";

/** A killed RabbitMQ has forgotten a quorum queue that was declared within the last second, whatever it had confirmed. */
const WRITTEN_DOWN_MS = 2_000;

/** The broker stops in order and comes back, while messages go out and come in. */
export const brokerRestarted: Trial = (site, size) =>
  through("broker restart", { site, size }, () => site.broker.restart());

/** The broker is killed and comes back with what it had stored. */
export const brokerKilled: Trial = (site, size) =>
  through("broker SIGKILL", { site, size }, async () => {
    await site.broker.kill9();
    await site.broker.start();
  });

async function through(
  trial: string,
  { site, size }: { readonly site: Site; readonly size: Size },
  trouble: () => Promise<void>,
): Promise<Outcome> {
  const name = uniqueName();
  const work = workOf(name);
  const ledger = new Ledger();
  const bus = await createBus({
    transport: site.broker.url,
    timeouts: { publish: "2m" },
    services: [service(name).handle(work, ({ number }) => ledger.handled(number))],
  });
  await bus.start();
  await pause(WRITTEN_DOWN_MS);
  const half = Math.floor(size.messages / 2);
  const loading = load(bus, { work, ledger }, half);
  await ledger.reached(Math.floor(half / 2));
  ledger.trouble();
  // However fast the broker is: these set out while it is being broken.
  const rest = load(bus, { work, ledger, from: half }, size.messages);
  const began = performance.now();
  await trouble();
  const awayMs = performance.now() - began;
  await Promise.all([loading, rest]);
  await ledger.settled();
  await bus.stop();
  return ledger.outcome(trial, { note: `the broker was away for ${(awayMs / 1_000).toFixed(1)} s` });
}
