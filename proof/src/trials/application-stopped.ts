import { createBus } from "@waybill/core";
import { ApplicationProcess } from "../application-process.ts";
import { uniqueName, workOf } from "../contracts.ts";
import { Ledger, until } from "../ledger/ledger.ts";
import { load } from "../load.ts";
import type { Trial } from "../site.ts";

const AT_ONCE = 60;
const HANDLER_MS = 400;

/** SIGTERM with 60 handlers at work: they finish, nothing else is taken, and a second process handles the rest. */
export const applicationStopped: Trial = async ({ broker }, { messages }) => {
  const name = uniqueName();
  const work = workOf(name);
  const ledger = new Ledger();
  const start = (handlerMs: number): Promise<ApplicationProcess> =>
    ApplicationProcess.start({
      url: broker.url,
      name,
      concurrency: AT_ONCE,
      handlerMs,
      onHandled: (number) => ledger.handled(number),
    });
  const first = await start(HANDLER_MS);
  const publisher = await createBus({ transport: broker.url, name, sends: [work] });
  await publisher.start();
  await load(publisher, { work, ledger }, Math.floor(messages / 10));
  const giveUp = performance.now() + 30_000;
  await until(
    () => first.running.size === AT_ONCE,
    () => performance.now() > giveUp,
  );
  const busy = first.running.size;
  const began = performance.now();
  const code = await first.end("SIGTERM");
  const stopMs = performance.now() - began;
  const cutOff = first.running.size;
  const second = await start(1);
  await ledger.settled();
  await publisher.stop();
  await second.end("SIGTERM");
  return ledger.outcome("application SIGTERM", {
    recoveryMs: stopMs,
    note: `${busy} handlers were at work; the process ended by itself with ${code}`,
    broken: [
      ...(busy === AT_ONCE ? [] : [`only ${busy} handlers were at work`]),
      ...(code === 0 ? [] : [`the process ended with ${code}`]),
      ...(cutOff === 0 ? [] : [`${cutOff} handlers were cut off`]),
      ...(ledger.duplicates === 0 ? [] : [`${ledger.duplicates} messages were handled twice`]),
    ],
  });
};
