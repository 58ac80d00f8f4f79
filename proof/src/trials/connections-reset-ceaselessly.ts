import { setTimeout as pause } from "node:timers/promises";
import { load } from "../load.ts";
import type { Trial } from "../site.ts";
import { throughProxy } from "../through-proxy.ts";

const EVERY_MS = 100;

/** Publisher and consumer lose all their connections every 100 ms, until everything has been stored and handled. */
export const connectionsResetCeaselessly: Trial = async (site, { messages }) => {
  const { publisher, work, ledger, proxy, stop } = await throughProxy(site);
  let isOver = false;
  const done = load(publisher, { work, ledger }, messages)
    .then(() => ledger.settled())
    .finally(() => (isOver = true));
  const before = proxy.accepted;
  const began = performance.now();
  let resets = 0;
  // A small trial may be over before the time of one reset: the first comes while something is under way for certain.
  await ledger.reached(Math.floor(messages / 10));
  for (; !isOver; resets++) {
    ledger.trouble();
    proxy.reset();
    await Promise.race([pause(EVERY_MS), done]);
  }
  const tookMs = performance.now() - began;
  await done;
  await stop();
  return ledger.outcome(`connection resets every ${EVERY_MS} ms`, {
    note: `${resets} resets in ${(tookMs / 1_000).toFixed(1)} s`,
    broken: proxy.accepted > before ? [] : ["connections went past what resets them"],
  });
};
