import fc from "fast-check";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** The operator loses patience: the drain has much time left, the close that follows has not. */
export const closeEndsADrain: Scenario = {
  name: "the deadline of close holds although a drain with a later one is running",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 4 }), async (act, units) => {
      const keeper = await act.instance();
      const leaver = await act.instance();
      const queue = await makeQueue(act, keeper);
      const first = await act.consume(leaver, queue.source, { answer: HOLDS });
      await act.store(keeper, [queue.message()]);
      await awaitSeen(act, queue.group, act.history.stored());
      const draining = first.drain(act.time.now() + act.pace.patienceMs / 2);
      const deadline = act.time.now() + units * act.pace.delayMs;
      let ended = Infinity;
      await act.time.finish(
        "close",
        leaver.close(deadline).then(() => (ended = act.time.now())),
      );
      const late = ended - deadline;
      claim(late <= act.pace.slackMs, () => `Close ended ${late} ms after its deadline.`);
      await act.time.finish("the drain", draining);
      const second = await act.consume(keeper, queue.source);
      await act.time.eventually(
        () => second.tags.length === 1,
        () => "The message that was held did not come to another instance.",
      );
    }),
};
