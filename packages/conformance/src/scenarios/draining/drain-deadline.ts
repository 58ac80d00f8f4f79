import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ stuck: fc.integer({ min: 1, max: 8 }), units: fc.integer({ min: 0, max: 5 }) });

export const drainDeadline: Scenario = {
  name: "at the deadline of a drain, the signal of an unfinished handler aborts and its message is released",
  run: (stage) =>
    forAll(stage, CASE, async (act, { stuck, units }) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const first = await act.consume(transport, queue.source, { credit: stuck, handler: SETTLES_LATER });
      await act.store(
        transport,
        Array.from({ length: stuck }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.inFlight.length === stuck,
        () => `${first.inFlight.length} of ${stuck} messages were delivered.`,
      );
      const deadline = act.time.now() + units * act.pace.delayMs;
      let ended: number | undefined;
      await act.time.finish(
        "drain",
        first.drain(deadline).then(() => (ended = act.time.now())),
      );
      const late = (ended ?? Infinity) - deadline;
      assertThat(late >= 0, () => `The drain ended ${-late} ms before its deadline.`);
      assertThat(late <= act.pace.slackMs, () => `The drain ended ${late} ms after its deadline.`);
      const unaborted = first.deliveries.filter(({ delivery }) => !delivery.signal.aborted);
      assertThat(
        unaborted.length === 0,
        () => `The signals of ${unaborted.length} unfinished handlers did not abort.`,
      );
      const second = await act.consume(await act.instance(), queue.source);
      await act.time.eventually(
        () => second.tags.length === stuck,
        () => `${second.tags.length} of ${stuck} released messages were delivered to another member.`,
      );
    }),
};
