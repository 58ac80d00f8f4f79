import fc from "fast-check";
import { awaitDepth } from "../../kit/observe/await-depth.ts";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Room for the clock to move on between making a message and publishing it. */
const ROOM_MS = 60_000;

export const longestDelay: Scenario = {
  name: "the longest declared delay is accepted, a longer one is refused and not stored",
  needs: ["deliverAt"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 1_000 }), async (act, minutes) => {
      const transport = await act.instance();
      const { longestMs } = transport.capabilities.deliverAt;
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      const now = act.time.now();
      await act.store(transport, [queue.message({ deliverAt: now + Math.max(0, longestMs - ROOM_MS) })]);
      const [refused] = await act.publish(transport, [
        queue.message({ deliverAt: now + longestMs + minutes * ROOM_MS }),
      ]);
      claim(
        refused?.ok === false && refused.error.code === "delay-too-long" && !refused.error.maybeStored,
        () =>
          `A delay of ${minutes} minutes more than the longest of ${longestMs} ms was answered ${JSON.stringify(refused)}.`,
      );
      await awaitDepth(act, transport, { source: queue.source, ready: 0, unsettled: 0, delayed: 1 });
      claim(consumer.tags.length === 0, () => "A message with the longest delay came at once.");
    }),
};
