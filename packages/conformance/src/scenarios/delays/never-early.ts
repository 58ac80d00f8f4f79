import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** Delays in units of the pace's delayMs. Undefined: no delay. Zero and below: a due time that has passed. */
const DELAYS = fc.array(fc.option(fc.integer({ min: -1, max: 6 }), { nil: undefined }), {
  minLength: 1,
  maxLength: 12,
});

export const neverEarly: Scenario = {
  name: "a delayed message is delivered when due, never early, and holds up no other message",
  needs: ["deliverAt"],
  run: (stage) =>
    forAll(stage, DELAYS, async (act, units) => {
      const transport = await act.instance();
      const late = transport.capabilities.deliverAt.granularityMs + act.pace.slackMs;
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      const start = act.time.now();
      const sent = units.map((unit) =>
        queue.message({ deliverAt: unit === undefined ? undefined : start + unit * act.pace.delayMs }),
      );
      await act.store(transport, sent);
      const stored = act.time.now();
      await assertExactly(
        act,
        queue.group,
        sent.map(({ id }) => id),
      );
      for (const { tag, at } of consumer.deliveries) {
        const due = act.history.published(tag)?.deliverAt ?? start;
        assertThat(
          at >= due,
          () => `A message due at ${due - start} ms was delivered early, at ${at - start} ms.`,
        );
        const latest = Math.max(due, stored) + late;
        assertThat(
          at <= latest,
          () => `A message due at ${due - start} ms was delivered late, at ${at - start} ms.`,
        );
      }
    }),
};
