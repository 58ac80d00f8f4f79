import { createBus } from "@waybill/core";
import { ApplicationProcess } from "../application-process.ts";
import { uniqueName, workOf } from "../contracts.ts";
import { Ledger, until } from "../ledger.ts";
import { load } from "../load.ts";
import type { Trial } from "../site.ts";

const AT_ONCE = 60;
const HANDLER_MS = 20;

/** SIGKILL of one of two consuming processes, with all its handlers at work: the other one gets what it had. */
export const consumerKilled: Trial = async ({ broker }, { messages }) => {
  const name = uniqueName();
  const work = workOf(name);
  const ledger = new Ledger();
  let orphans = new Set<number>();
  let backMs: number | undefined;
  let killedAt = 0;
  const start = (): Promise<ApplicationProcess> =>
    ApplicationProcess.start({
      url: broker.url,
      name,
      concurrency: AT_ONCE,
      handlerMs: HANDLER_MS,
      onHandled(number) {
        ledger.handled(number);
        if (orphans.delete(number) && orphans.size === 0) backMs = performance.now() - killedAt;
      },
    });
  const [victim, survivor] = await Promise.all([start(), start()]);
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
