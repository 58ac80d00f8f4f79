import fc from "fast-check";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

export const closeGivesBack: Scenario = {
  name: "close ends by its deadline and gives back what is held",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 10 }), async (act, held) => {
      const keeper = await act.instance();
      const leaver = await act.instance();
      const queue = await makeQueue(act, keeper);
      const first = await act.consume(leaver, queue.source, { answer: HOLDS });
      await act.store(
        keeper,
        Array.from({ length: held }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.open.length === held,
        () => `${first.open.length} of ${held} came.`,
      );
      const deadline = act.time.now() + act.pace.delayMs;
      let ended = Infinity;
      await act.time.finish(
        "close",
        leaver.close(deadline).then(() => (ended = act.time.now())),
      );
      claim(
        ended <= deadline + act.pace.slackMs,
        () => `Close ended ${ended - deadline} ms after its deadline.`,
      );
      const deaf = first.handlings.filter(({ delivery }) => !delivery.signal.aborted);
      claim(deaf.length === 0, () => `The signals of ${deaf.length} handlers did not abort.`);
      const second = await act.consume(keeper, queue.source);
      await act.time.eventually(
        () => new Set(second.tags).size === held,
        () => `Of ${held} messages given back ${second.tags.length} came to another instance.`,
      );
    }),
};
