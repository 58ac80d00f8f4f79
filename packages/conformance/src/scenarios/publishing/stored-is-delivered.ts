import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const SIZES = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

/** Publishes some batches before a consumer subscribes and the others while it consumes. */
export const storedIsDelivered: Scenario = {
  name: "a confirmed message is delivered, and delivered once while nothing fails",
  run: (stage) =>
    forAll(stage, fc.record({ before: SIZES, after: SIZES }), async (act, { before, after }) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher);
      const batch = (size: number) => Array.from({ length: size }, () => queue.message());
      for (const size of before) await act.store(publisher, batch(size));
      await act.consume(member, queue.source);
      await Promise.all(after.map((size) => act.store(publisher, batch(size))));
      await assertExactly(act, queue.group, act.history.confirmed());
    }),
};
