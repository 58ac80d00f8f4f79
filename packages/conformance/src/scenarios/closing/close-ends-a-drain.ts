import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** An operator first drains with a late deadline, and then closes with an early one. */
export const closeEndsADrain: Scenario = {
  name: "close ends by its deadline even while a drain with a later deadline runs",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 4 }), async (act, units) => {
      const remaining = await act.instance();
      const leaving = await act.instance();
      const queue = await makeQueue(act, remaining);
      const first = await act.consume(leaving, queue.source, { handler: SETTLES_LATER });
      await act.store(remaining, [queue.message()]);
      await awaitDelivered(act, queue.group, act.history.confirmed());
      const draining = first.drain(act.time.now() + act.pace.patienceMs / 2);
      const deadline = act.time.now() + units * act.pace.delayMs;
      let ended = Infinity;
      await act.time.finish(
        "close",
        leaving.close(deadline).then(() => (ended = act.time.now())),
      );
      const late = ended - deadline;
      assertThat(late <= act.pace.slackMs, () => `close ended ${late} ms after its deadline.`);
      await act.time.finish("the drain", draining);
      const second = await act.consume(remaining, queue.source);
      await act.time.eventually(
        () => second.tags.length === 1,
        () => "The unsettled message was not delivered to another instance.",
      );
    }),
};
