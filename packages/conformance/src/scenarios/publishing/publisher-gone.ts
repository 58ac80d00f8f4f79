import fc from "fast-check";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Confirmed means stored, not accepted into some buffer: the publisher may end the moment it has the answer. */
export const publisherGone: Scenario = {
  name: "what was answered ok outlives its publisher, which closes at once",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 50 }), async (act, size) => {
      const keeper = await act.instance();
      const queue = await makeQueue(act, keeper);
      const publisher = await act.instance();
      await act.store(
        publisher,
        Array.from({ length: size }, () => queue.message()),
      );
      await act.time.finish("close", publisher.close(act.time.now()));
      await act.consume(keeper, queue.source);
      await claimExactly(act, queue.group, act.history.stored());
    }),
};
