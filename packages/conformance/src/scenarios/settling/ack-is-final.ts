import fc from "fast-check";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Looked for by the same member, by the next one, and by another instance. */
export const ackIsFinal: Scenario = {
  name: "an acknowledged message never comes again, to nobody",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 40 }), async (act, size) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const first = await act.consume(transport, queue.source);
      await act.store(
        transport,
        Array.from({ length: size }, () => queue.message()),
      );
      await claimExactly(act, queue.group, act.history.stored());
      await act.drain(first);
      await act.consume(transport, queue.source);
      await act.consume(await act.instance(), queue.source);
      await claimExactly(act, queue.group, act.history.stored());
    }),
};
