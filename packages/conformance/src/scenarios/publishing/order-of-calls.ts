import fc from "fast-check";
import { claimExactly, claimOrder } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CALLS = fc.array(fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 12 }), {
  minLength: 2,
  maxLength: 12,
});

/** The calls overlap: batching and retrying inside the adapter must not let one pass another. */
export const orderOfCalls: Scenario = {
  name: "messages of one lane are stored in the order of the publish calls, also of concurrent ones",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, CALLS, async (act, calls) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: 3 });
      const batches = calls.map((keys) => keys.map((key) => queue.message({ key })));
      await Promise.all(batches.map((batch) => act.store(publisher, batch)));
      await act.consume(member, queue.source);
      await claimExactly(act, queue.group, act.history.stored());
      for (const lane of [0, 1, 2]) {
        const sent = batches.flat().filter((message) => message.lane === lane);
        claimOrder(
          act.history.handlings,
          sent.map(({ id }) => id),
          `Lane ${lane}`,
        );
      }
    }),
};
