import fc from "fast-check";
import { ACK, RELEASE } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { claimOrder } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ size: fc.integer({ min: 2, max: 12 }), handled: fc.integer({ min: 0, max: 4 }) });

/** What a stopping instance gives back must not come after what waited behind it. */
export const releaseKeepsOrder: Scenario = {
  name: "what is given back to a lane comes again in its order, before what waited behind it",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { size, handled }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: 1 });
      const sent = Array.from({ length: 2 * size }, () => queue.message({ key: "same" }));
      await act.store(publisher, sent);
      const leaver = await act.consume(await act.instance(), queue.source, { credit: size, answer: HOLDS });
      await act.time.eventually(
        () => leaver.open.length === size,
        () => `${leaver.open.length} of a window of ${size} came.`,
      );
      const done = Math.min(handled, size - 1);
      leaver.credit(0);
      for (const [at, handling] of leaver.open.entries()) handling.answer(at < done ? ACK : RELEASE);
      await act.drain(leaver);
      const taker = await act.consume(await act.instance(), queue.source);
      const rest = sent.slice(done).map(({ id }) => id);
      await act.time.eventually(
        () => new Set(taker.tags).size === rest.length,
        () => `Of ${rest.length} that were left ${taker.tags.length} came.`,
      );
      claimOrder(taker.handlings, rest, "What was given back, and what waited,");
    }),
};
