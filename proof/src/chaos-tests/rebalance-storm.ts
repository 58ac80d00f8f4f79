import { load } from "../load.ts";
import type { ChaosTest } from "../target.ts";
import { startConsumers } from "../consumers.ts";

/** One of this many messages may be handled twice. No member crashes, so more duplicates are a fault. */
const MESSAGES_PER_DUPLICATE = 1_000;

/** Members join and leave continually while messages of fifty keys are handled. */
export const rebalanceStorm: ChaosTest = async ({ broker }, { storm: { messages, changes } }) => {
  const { members, publisher, work, log, handlings, stop } = await startConsumers(broker.url);

  const loading = load(publisher, { work, log }, messages);
  log.faultInjected();
  for (let change = 1; change <= changes; change++) {
    await log.reached(Math.floor((messages * change) / (changes + 1)));
    await (change % 2 === 1 ? members.leave() : members.join());
  }
  await loading;
  await log.settled();
  await stop();

  const { duplicates } = log;
  const { note, violations } = handlings.verdict();
  return log.outcome("rebalance storm", {
    recoveryMs: handlings.longestPauseMs,
    note: `${changes} joins and leaves, ${note}; the longest pause of a lane`,
    violations: [
      ...violations,
      ...(duplicates <= messages / MESSAGES_PER_DUPLICATE
        ? []
        : [`${duplicates} messages were handled twice`]),
    ],
  });
};
