import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly, assertOrder } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const ORDER = fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 2 });

/** The due times are further apart than the declared granularity. */
export const dueOrder: Scenario = {
  name: "delayed messages are delivered in the order of their due times, whatever order they were published in",
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
      await assertExactly(
        act,
        queue.group,
        sent.map(({ id }) => id),
      );
      const byTime = sent.toSorted((left, right) => (left.deliverAt ?? 0) - (right.deliverAt ?? 0));
      assertOrder(
        consumer.deliveries,
        byTime.map(({ id }) => id),
        "Delayed messages",
      );
    }),
};
