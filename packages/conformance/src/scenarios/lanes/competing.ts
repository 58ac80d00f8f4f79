import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ members: fc.integer({ min: 2, max: 5 }), each: fc.integer({ min: 10, max: 40 }) });

/** With a credit of 1 and handlers that take time, no member can take all messages before the others get one. */
export const competing: Scenario = {
  name: "the members of a group share its messages, and each message is handled by one member",
  run: (stage) =>
    forAll(stage, CASE, async (act, { members, each }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher);
      const consumers = await Promise.all(
        Array.from({ length: members }, async () =>
          act.consume(await act.instance(), queue.source, {
            credit: 1,
            handler: async () => {
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
      await assertExactly(act, queue.group, act.history.confirmed());
      for (const { name, deliveries } of consumers)
        assertThat(deliveries.length > 0, () => `The member ${name} got none of ${members * each} messages.`);
    }),
};
