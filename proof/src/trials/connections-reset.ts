import { load } from "../load.ts";
import type { Trial } from "../site.ts";
import { throughProxy } from "../through-proxy.ts";

const RESETS = 10;

/** Publisher and consumer lose all their connections, ten times, while messages go out and come in. */
export const connectionsReset: Trial = async (site, { messages }) => {
  const { publisher, work, ledger, proxy, stop } = await throughProxy(site);
  const loading = load(publisher, { work, ledger }, messages);
  for (let reset = 1; reset <= RESETS; reset++) {
    await ledger.reached(Math.floor((messages * reset) / (RESETS + 1)));
    ledger.trouble();
    proxy.reset();
  }
  await loading;
  await ledger.settled();
  await stop();
  return ledger.outcome(`${RESETS} connection resets`, {
    note: `${proxy.accepted} connections were made`,
    broken: proxy.accepted > RESETS ? [] : ["connections went past what resets them"],
  });
};
