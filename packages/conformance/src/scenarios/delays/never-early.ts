import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Undefined: not delayed. Zero and below: a time that has passed. In units of the pace. */
const DELAYS = fc.array(fc.option(fc.integer({ min: -1, max: 6 }), { nil: undefined }), {
  minLength: 1,
  maxLength: 12,
});

export const neverEarly: Scenario = {
  name: "a delayed message comes at its time, never early, and holds up nobody",
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
      await claimExactly(
        act,
        queue.group,
        sent.map(({ id }) => id),
      );
      for (const { tag, at } of consumer.handlings) {
        const due = act.history.sent(tag)?.deliverAt ?? start;
        claim(at >= due, () => `A message due at ${due - start} ms came at ${at - start} ms.`);
        const latest = Math.max(due, stored) + late;
        claim(at <= latest, () => `A message due at ${due - start} ms came at ${at - start} ms.`);
      }
    }),
};
