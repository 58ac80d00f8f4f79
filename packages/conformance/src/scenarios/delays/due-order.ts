import fc from "fast-check";
import { claimExactly, claimOrder } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const ORDER = fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 2 });

/** The times lie further apart than the grid of the delays is wide. */
export const dueOrder: Scenario = {
  name: "delayed messages come in the order of their times, whatever order they were published in",
  needs: ["deliverAt"],
  run: (stage) =>
    forAll(stage, ORDER, async (act, units) => {
      const transport = await act.instance();
      const apart = act.pace.delayMs + 2 * transport.capabilities.deliverAt.granularityMs;
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      const start = act.time.now();
      const sent = units.map((unit) => queue.message({ deliverAt: start + unit * apart }));
      for (const message of sent) await act.store(transport, [message]);
      await claimExactly(
        act,
        queue.group,
        sent.map(({ id }) => id),
      );
      const byTime = sent.toSorted((left, right) => (left.deliverAt ?? 0) - (right.deliverAt ?? 0));
      claimOrder(
        consumer.handlings,
        byTime.map(({ id }) => id),
        "Delayed messages",
      );
    }),
};
