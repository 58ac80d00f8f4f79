import { setTimeout as pause } from "node:timers/promises";
import { load } from "../load.ts";
import type { ChaosTest } from "../target.ts";
import { throughProxy } from "../through-proxy.ts";

const EVERY_MS = 100;

/** Publisher and consumer lose all connections every 100 ms until all messages are stored and handled. */
export const connectionsResetContinually: ChaosTest = async (target, { messages }) => {
  const { publisher, work, log, proxy, stop } = await throughProxy(target);
  let isOver = false;
  const done = load(publisher, { work, log }, messages)
    .then(() => log.settled())
    .finally(() => (isOver = true));
  const before = proxy.accepted;
  const began = performance.now();
  let resets = 0;
  // A small test may end within 100 ms: the first reset comes as soon as a tenth of the messages is handled.
  await log.reached(Math.floor(messages / 10));
  for (; !isOver; resets++) {
    log.faultInjected();
    proxy.reset();
    await Promise.race([pause(EVERY_MS), done]);
  }
  const tookMs = performance.now() - began;
  await done;
  await stop();
  return log.outcome(`connection resets every ${EVERY_MS} ms`, {
    note: `${resets} resets in ${(tookMs / 1_000).toFixed(1)} s`,
    violations: proxy.accepted > before ? [] : ["some connections did not go through the proxy"],
  });
};
