import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly, assertOrder } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CALLS = fc.array(fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 12 }), {
  minLength: 2,
  maxLength: 12,
});

/** The calls overlap: batching and retries inside the adapter must not let one call overtake another. */
export const orderOfCalls: Scenario = {
  name: "messages of one lane are stored in the order of the publish calls, even when the calls are concurrent",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, CALLS, async (act, calls) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: 3 });
      const batches = calls.map((keys) => keys.map((key) => queue.message({ key })));
      await Promise.all(batches.map((batch) => act.store(publisher, batch)));
      await act.consume(member, queue.source);
      await assertExactly(act, queue.group, act.history.confirmed());
      for (const lane of [0, 1, 2]) {
        const sent = batches.flat().filter((message) => message.lane === lane);
        assertOrder(
          act.history.deliveries,
          sent.map(({ id }) => id),
          `Lane ${lane}`,
        );
      }
    }),
};
