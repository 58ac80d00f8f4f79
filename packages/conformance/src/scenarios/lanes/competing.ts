import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ members: fc.integer({ min: 2, max: 5 }), each: fc.integer({ min: 10, max: 40 }) });

/** With a window of one and answers that take time, no member can take everything before the others look. */
export const competing: Scenario = {
  name: "competing members share the messages, each handled by one of them",
  run: (stage) =>
    forAll(stage, CASE, async (act, { members, each }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher);
      const consumers = await Promise.all(
        Array.from({ length: members }, async () =>
          act.consume(await act.instance(), queue.source, {
            credit: 1,
            answer: async () => {
              await act.time.settle();
              return { type: "ack" };
            },
          }),
        ),
      );
      await act.store(
        publisher,
        Array.from({ length: members * each }, () => queue.message()),
      );
      await claimExactly(act, queue.group, act.history.stored());
      for (const { name, handlings } of consumers)
        claim(handlings.length > 0, () => `${name} got none of ${members * each} messages.`);
    }),
};
