import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** A confirmation means that the broker has stored the message: the publisher may close as soon as it has the result. */
export const publisherGone: Scenario = {
  name: "a confirmed message survives when its publisher closes immediately afterwards",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 50 }), async (act, size) => {
      const owner = await act.instance();
      const queue = await makeQueue(act, owner);
      const publisher = await act.instance();
      await act.store(
        publisher,
        Array.from({ length: size }, () => queue.message()),
      );
      await act.time.finish("close", publisher.close(act.time.now()));
      await act.consume(owner, queue.source);
      await assertExactly(act, queue.group, act.history.confirmed());
    }),
};
