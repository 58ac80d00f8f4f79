import fc from "fast-check";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const SIZES = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

/** Some batches are published before anybody listens, the others while somebody does. */
export const storedIsDelivered: Scenario = {
  name: "a message whose publish was answered ok is delivered, once while nothing fails",
  run: (stage) =>
    forAll(stage, fc.record({ before: SIZES, after: SIZES }), async (act, { before, after }) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher);
      const batch = (size: number) => Array.from({ length: size }, () => queue.message());
      for (const size of before) await act.store(publisher, batch(size));
      await act.consume(member, queue.source);
      await Promise.all(after.map((size) => act.store(publisher, batch(size))));
      await claimExactly(act, queue.group, act.history.stored());
    }),
};
