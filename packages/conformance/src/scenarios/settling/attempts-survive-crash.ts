import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** Core recognises a poison message, one that ends the process of its handler, by this count. */
export const attemptsSurviveCrash: Scenario = {
  name: "a delivery that ended in a crash counts as an attempt",
  needs: ["attempts"],
  faults: ["crash"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 5 }), async (act, crashes) => {
      const owner = await act.instance();
      const queue = await makeQueue(act, owner);
      await act.store(owner, [queue.message()]);
      for (let attempt = 1; attempt <= crashes + 1; attempt++) {
        const victim = await act.instance();
        const consumer = await act.consume(victim, queue.source, { credit: 1, handler: SETTLES_LATER });
        await act.time.eventually(
          () => consumer.deliveries.length > 0,
          () => `After ${attempt - 1} crashes the message was not redelivered.`,
        );
        const reported = consumer.deliveries[0]?.attempt;
        assertThat(
          reported === attempt,
          () =>
            `After ${attempt - 1} crashes the delivery was reported as attempt ${reported}, not ${attempt}.`,
        );
        await act.fault("crash")(victim);
      }
    }),
};
