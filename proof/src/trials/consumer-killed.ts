import { createBus } from "@waybill/core";
import { ApplicationProcess } from "../application-process.ts";
import { uniqueName, workOf } from "../contracts.ts";
import { Ledger, until } from "../ledger/ledger.ts";
import { load } from "../load.ts";
import type { Trial } from "../site.ts";

const AT_ONCE = 60;
/** Long, so that it is killed in the middle of all it has. */
const VICTIM_MS = 2_000;
const SURVIVOR_MS = 5;

/** SIGKILL of one of two consuming processes, with all its handlers at work: the other one gets what it had. */
export const consumerKilled: Trial = async ({ broker }, { messages }) => {
  const name = uniqueName();
  const work = workOf(name);
  const ledger = new Ledger();
  let orphans = new Set<number>();
  let backMs: number | undefined;
  let killedAt = 0;
  const start = (handlerMs: number, onHandled: (number: number) => void): Promise<ApplicationProcess> =>
    ApplicationProcess.start({ url: broker.url, name, concurrency: AT_ONCE, handlerMs, onHandled });
  const victim = await start(VICTIM_MS, (number) => {
    ledger.handled(number);
    orphans.delete(number); // just before it was killed: nobody need handle it again
  });
  const survivor = await start(SURVIVOR_MS, (number) => {
    ledger.handled(number);
    if (orphans.delete(number) && orphans.size === 0) backMs = performance.now() - killedAt;
  });
  const publisher = await createBus({ transport: broker.url, name, sends: [work] });
  await publisher.start();
  const loading = load(publisher, { work, ledger }, messages);
  await ledger.reached(Math.floor(messages / 4));
  await until(
    () => victim.running.size > AT_ONCE / 2,
    () => ledger.handledCount >= messages,
  );
  killedAt = performance.now();
  orphans = new Set(victim.running);
  const held = orphans.size;
  ledger.trouble();
  await victim.end("SIGKILL");
  await loading;
  await ledger.settled();
  await publisher.stop();
  await survivor.end("SIGTERM");
  return ledger.outcome("consumer SIGKILL", {
    recoveryMs: backMs ?? Number.NaN,
    note: `${held} messages were in its hands; all were handled elsewhere`,
    broken: [
      ...(held > 0 ? [] : ["nothing was in its hands"]),
      ...(backMs === undefined ? ["what it had in its hands was not handled elsewhere"] : []),
    ],
  });
};
