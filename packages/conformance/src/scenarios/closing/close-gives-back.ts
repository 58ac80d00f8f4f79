import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

export const closeGivesBack: Scenario = {
  name: "close ends by its deadline and releases all unsettled messages",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 10 }), async (act, inFlight) => {
      const remaining = await act.instance();
      const leaving = await act.instance();
      const queue = await makeQueue(act, remaining);
      const first = await act.consume(leaving, queue.source, { handler: SETTLES_LATER });
      await act.store(
        remaining,
        Array.from({ length: inFlight }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.inFlight.length === inFlight,
        () => `${first.inFlight.length} of ${inFlight} messages were delivered.`,
      );
      const deadline = act.time.now() + act.pace.delayMs;
      let ended = Infinity;
      await act.time.finish(
        "close",
        leaving.close(deadline).then(() => (ended = act.time.now())),
      );
      assertThat(
        ended <= deadline + act.pace.slackMs,
        () => `close ended ${ended - deadline} ms after its deadline.`,
      );
      const unaborted = first.deliveries.filter(({ delivery }) => !delivery.signal.aborted);
      assertThat(
        unaborted.length === 0,
        () => `The signals of ${unaborted.length} unfinished handlers did not abort.`,
      );
      const second = await act.consume(remaining, queue.source);
      await act.time.eventually(
        () => new Set(second.tags).size === inFlight,
        () => `${second.tags.length} of ${inFlight} released messages were delivered to another instance.`,
      );
    }),
};
