import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { HOLDS } from "../../kit/consumer.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** A message that kills whoever handles it must be found out by its count. */
export const attemptsSurviveCrash: Scenario = {
  name: "a delivery that ended in a crash counts as an attempt",
  needs: ["attempts"],
  faults: ["crash"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 5 }), async (act, crashes) => {
      const keeper = await act.instance();
      const queue = await makeQueue(act, keeper);
      await act.store(keeper, [queue.message()]);
      for (let attempt = 1; attempt <= crashes + 1; attempt++) {
        const victim = await act.instance();
        const consumer = await act.consume(victim, queue.source, { credit: 1, answer: HOLDS });
        await act.time.eventually(
          () => consumer.handlings.length > 0,
          () => `After ${attempt - 1} crashes the message did not come back.`,
        );
        const said = consumer.handlings[0]?.attempt;
        claim(
          said === attempt,
          () => `Delivery ${attempt}, after as many crashes less one, says it is ${said}.`,
        );
        await act.fault("crash")(victim);
      }
    }),
};
