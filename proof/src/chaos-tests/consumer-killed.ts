import { createBus } from "@waybill/core";
import { ApplicationProcess } from "../application-process.ts";
import { uniqueName, workOf } from "../contracts.ts";
import { DeliveryLog, waitUntil } from "../log/delivery-log.ts";
import { load } from "../load.ts";
import type { ChaosTest } from "../target.ts";

const CONCURRENCY = 60;
/** The time of each handler in the process that is killed: long enough that handlers run at the kill. */
const VICTIM_MS = 2_000;
const SURVIVOR_MS = 5;

/** SIGKILL of one of two consumer processes while its handlers run: the other one handles their messages. */
export const consumerKilled: ChaosTest = async ({ broker }, { messages }) => {
  const name = uniqueName();
  const work = workOf(name);
  const log = new DeliveryLog();
  let inFlightAtKill = new Set<number>();
  let recoveredMs: number | undefined;
  let killedAt = 0;
  const start = (handlerMs: number, onHandled: (number: number) => void): Promise<ApplicationProcess> =>
    ApplicationProcess.start({ url: broker.url, name, concurrency: CONCURRENCY, handlerMs, onHandled });
  const victim = await start(VICTIM_MS, (number) => {
    log.handled(number);
    inFlightAtKill.delete(number); // A handler may end just before the kill.
  });
  const survivor = await start(SURVIVOR_MS, (number) => {
    log.handled(number);
    if (inFlightAtKill.delete(number) && inFlightAtKill.size === 0)
      recoveredMs = performance.now() - killedAt;
  });
  const publisher = await createBus({ transport: broker.url, name, sends: [work] });
  await publisher.start();
  const loading = load(publisher, { work, log }, messages);
  await log.reached(Math.floor(messages / 4));
  await waitUntil(
    () => victim.running.size > CONCURRENCY / 2,
    () => log.handledCount >= messages,
  );
  killedAt = performance.now();
  inFlightAtKill = new Set(victim.running);
  const inFlight = inFlightAtKill.size;
  log.faultInjected();
  await victim.end("SIGKILL");
  await loading;
  await log.settled();
  await publisher.stop();
  await survivor.end("SIGTERM");
  return log.outcome("consumer SIGKILL", {
    recoveryMs: recoveredMs ?? Number.NaN,
    note: `${inFlight} messages were in flight at the kill; the other process handled them`,
    violations: [
      ...(inFlight > 0 ? [] : ["no message was in flight at the kill"]),
      ...(recoveredMs === undefined
        ? ["the other process did not handle all messages that were in flight"]
        : []),
    ],
  });
};
