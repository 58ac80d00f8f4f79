import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { KEYS } from "../../kit/generate/arbitraries.ts";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertCreditKept, assertExactly, assertOrder } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  keys: KEYS,
  lanes: fc.integer({ min: 1, max: 6 }),
  credit: fc.integer({ min: 1, max: 20 }),
});

/** Handlers take time, so that later messages of a lane are delivered while earlier ones are in flight. */
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
        handler: async () => {
          await act.time.settle();
          return ACK;
        },
      });
      const sent = keys.map((key) => topic.message({ key }));
      await act.store(publisher, sent);
      await assertExactly(act, group, act.history.confirmed());
      assertCreditKept(consumer);
      for (let lane = 0; lane < lanes; lane++) {
        const tags = sent.filter((message) => message.lane === lane).map(({ id }) => id);
        assertOrder(consumer.deliveries, tags, `Lane ${lane}`);
      }
    }),
};
