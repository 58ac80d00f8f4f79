import { createBus } from "@waybill/core";
import { keyedWorkOf, uniqueName } from "../contracts.ts";
import { Ledger } from "../ledger.ts";
import { load } from "../load.ts";
import { Members } from "../members.ts";
import { Membership } from "../membership.ts";
import type { Trial } from "../site.ts";

const MEMBERS = 3;
/** Nobody dies, so that hardly anything comes twice: of so many messages at most one. */
const ONE_TWICE_IN = 1_000;

/** Messages of fifty keys, and all the while somebody joins or leaves. */
export const rebalanceStorm: Trial = async ({ broker }, { storm: { messages, changes } }) => {
  const name = uniqueName();
  const work = keyedWorkOf(name);
  const ledger = new Ledger();
  const membership = new Membership();
  const members = new Members({ url: broker.url, name, ledger, membership });
  await Promise.all(Array.from({ length: MEMBERS }, () => members.join()));
  const publisher = await createBus({ transport: broker.url, name, sends: [work] });
  await publisher.start();

  const loading = load(publisher, { work, ledger }, messages);
  ledger.trouble();
  for (let change = 1; change <= changes; change++) {
    await ledger.reached(Math.floor((messages * change) / (changes + 1)));
    await (change % 2 === 1 ? members.leave() : members.join());
  }
  await loading;
  await ledger.settled();
  await Promise.all([publisher.stop(), members.stop()]);

  const { duplicates } = ledger;
  const { outOfOrder, overlaps, longestPauseMs } = membership;
  return ledger.outcome("rebalance storm", {
    recoveryMs: longestPauseMs,
    note: `${changes} joins and leaves, ${outOfOrder} out of order, ${overlaps} overlaps; the longest pause of a lane`,
    broken: [
      ...(outOfOrder === 0 ? [] : [`${outOfOrder} messages came after later ones of their key`]),
      ...(overlaps === 0 ? [] : [`${overlaps} messages were handled while another one of their key was`]),
      ...(duplicates <= messages / ONE_TWICE_IN ? [] : [`${duplicates} messages were handled twice`]),
    ],
  });
};
