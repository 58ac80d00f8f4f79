import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { KEYS } from "../../kit/generate/arbitraries.ts";
import { claimExactly, claimOrder, claimWindows } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  keys: KEYS,
  lanes: fc.integer({ min: 1, max: 6 }),
  credit: fc.integer({ min: 1, max: 20 }),
});

/** Handlers take their time, so that later messages of a lane are delivered while earlier ones are open. */
export const laneOrder: Scenario = {
  name: "messages of a lane are delivered in the order in which they were stored",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { keys, lanes, credit }) => {
      const publisher = await act.instance();
      const topic = await makeTopic(act, publisher, { lanes });
      const group = topic.groups[0] ?? "";
      const consumer = await act.consume(await act.instance(), topic.source(group), {
        credit,
        answer: async () => {
          await act.time.settle();
          return ACK;
        },
      });
      const sent = keys.map((key) => topic.message({ key }));
      await act.store(publisher, sent);
      await claimExactly(act, group, act.history.stored());
      claimWindows(consumer);
      for (let lane = 0; lane < lanes; lane++) {
        const tags = sent.filter((message) => message.lane === lane).map(({ id }) => id);
        claimOrder(consumer.handlings, tags, `Lane ${lane}`);
      }
    }),
};
