import { load } from "../load.ts";
import type { ChaosTest } from "../target.ts";
import { throughProxy } from "../through-proxy.ts";

const RESETS = 10;

/** Publisher and consumer lose all connections ten times while messages are sent and handled. */
export const connectionsReset: ChaosTest = async (target, { messages }) => {
  const { publisher, work, log, proxy, stop } = await throughProxy(target);
  const loading = load(publisher, { work, log }, messages);
  for (let reset = 1; reset <= RESETS; reset++) {
    await log.reached(Math.floor((messages * reset) / (RESETS + 1)));
    log.faultInjected();
    proxy.reset();
  }
  await loading;
  await log.settled();
  await stop();
  return log.outcome(`${RESETS} connection resets`, {
    note: `${proxy.accepted} connections were made`,
    violations: proxy.accepted > RESETS ? [] : ["some connections did not go through the proxy"],
  });
};
