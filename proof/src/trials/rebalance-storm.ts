import { load } from "../load.ts";
import type { Trial } from "../site.ts";
import { assemble } from "../team.ts";

/** Nobody dies, so that hardly anything comes twice: of so many messages at most one. */
const ONE_TWICE_IN = 1_000;

/** Messages of fifty keys, and all the while somebody joins or leaves. */
export const rebalanceStorm: Trial = async ({ broker }, { storm: { messages, changes } }) => {
  const { members, publisher, work, ledger, membership, stop } = await assemble(broker.url);

  const loading = load(publisher, { work, ledger }, messages);
  ledger.trouble();
  for (let change = 1; change <= changes; change++) {
    await ledger.reached(Math.floor((messages * change) / (changes + 1)));
    await (change % 2 === 1 ? members.leave() : members.join());
  }
  await loading;
  await ledger.settled();
  await stop();

  const { duplicates } = ledger;
  const { note, broken } = membership.judgement();
  return ledger.outcome("rebalance storm", {
    recoveryMs: membership.longestPauseMs,
    note: `${changes} joins and leaves, ${note}; the longest pause of a lane`,
    broken: [
      ...broken,
      ...(duplicates <= messages / ONE_TWICE_IN ? [] : [`${duplicates} messages were handled twice`]),
    ],
  });
};
