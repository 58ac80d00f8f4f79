import { createBus } from "@waybill/core";
import { ApplicationProcess } from "../application-process.ts";
import { uniqueName, workOf } from "../contracts.ts";
import { DeliveryLog, waitUntil } from "../log/delivery-log.ts";
import { load } from "../load.ts";
import type { ChaosTest } from "../target.ts";

const CONCURRENCY = 60;
const HANDLER_MS = 400;

/** SIGTERM while 60 handlers run: they finish, no further handler starts, and a second process handles the rest. */
export const applicationStopped: ChaosTest = async ({ broker }, { messages }) => {
  const name = uniqueName();
  const work = workOf(name);
  const log = new DeliveryLog();
  const start = (handlerMs: number): Promise<ApplicationProcess> =>
    ApplicationProcess.start({
      url: broker.url,
      name,
      concurrency: CONCURRENCY,
      handlerMs,
      onHandled: (number) => log.handled(number),
    });
  const first = await start(HANDLER_MS);
  const publisher = await createBus({ transport: broker.url, name, sends: [work] });
  await publisher.start();
  await load(publisher, { work, log }, Math.floor(messages / 10));
  const deadline = performance.now() + 30_000;
  await waitUntil(
    () => first.running.size === CONCURRENCY,
    () => performance.now() > deadline,
  );
  const busy = first.running.size;
  const began = performance.now();
  const code = await first.end("SIGTERM");
  const stopMs = performance.now() - began;
  const cutOff = first.running.size;
  const second = await start(1);
  await log.settled();
  await publisher.stop();
  await second.end("SIGTERM");
  return log.outcome("application SIGTERM", {
    recoveryMs: stopMs,
    note: `${busy} handlers were running; the process exited with ${code}`,
    violations: [
      ...(busy === CONCURRENCY ? [] : [`only ${busy} handlers were running`]),
      ...(code === 0 ? [] : [`the process exited with ${code}`]),
      ...(cutOff === 0 ? [] : [`${cutOff} handlers did not finish`]),
      ...(log.duplicates === 0 ? [] : [`${log.duplicates} messages were handled twice`]),
    ],
  });
};
