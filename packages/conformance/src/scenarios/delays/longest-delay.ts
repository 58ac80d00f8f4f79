import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDepth } from "../../kit/observe/await-depth.ts";
import type { Scenario } from "../../scenario.ts";

/** A margin for the time between the creation of a message and its publish. */
const MARGIN_MS = 60_000;

export const longestDelay: Scenario = {
  name: "the longest declared delay is accepted; a longer one is refused and not stored",
  needs: ["deliverAt"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 1_000 }), async (act, minutes) => {
      const transport = await act.instance();
      const { longestMs } = transport.capabilities.deliverAt;
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      const now = act.time.now();
      await act.store(transport, [queue.message({ deliverAt: now + Math.max(0, longestMs - MARGIN_MS) })]);
      const [refused] = await act.publish(transport, [
        queue.message({ deliverAt: now + longestMs + minutes * MARGIN_MS }),
      ]);
      assertThat(
        refused?.ok === false && refused.error.code === "delay-too-long" && !refused.error.maybeStored,
        () =>
          `A delay ${minutes} minutes above the declared limit of ${longestMs} ms returned ${JSON.stringify(refused)}.`,
      );
      await awaitDepth(act, transport, { source: queue.source, ready: 0, unsettled: 0, delayed: 1 });
      assertThat(
        consumer.tags.length === 0,
        () => "A message with the longest delay was delivered immediately.",
      );
    }),
};
