import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** For each message: the number of resends, and whether another instance makes them. */
const RESENDS = fc.array(fc.record({ again: fc.integer({ min: 0, max: 3 }), elsewhere: fc.boolean() }), {
  minLength: 1,
  maxLength: 20,
});

export const dedup: Scenario = {
  name: "a message resent under the same id, by any instance, is confirmed and stored once",
  needs: ["dedup"],
  run: (stage) =>
    forAll(stage, RESENDS, async (act, resends) => {
      const first = await act.instance();
      const second = await act.instance();
      const queue = await makeQueue(act, first);
      await act.consume(first, queue.source);
      const batch = resends.map(() => queue.message());
      await act.store(first, batch);
      for (const [at, { again, elsewhere }] of resends.entries()) {
        const message = batch[at];
        for (let time = 0; message !== undefined && time < again; time++)
          await act.store(elsewhere ? second : first, [message]);
      }
      await assertExactly(
        act,
        queue.group,
        batch.map(({ id }) => id),
      );
    }),
};
