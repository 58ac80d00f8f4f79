import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** The same instance, a second consumer of it and another instance wait for a redelivery. */
export const ackIsFinal: Scenario = {
  name: "an acknowledged message is never delivered again",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 40 }), async (act, size) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const first = await act.consume(transport, queue.source);
      await act.store(
        transport,
        Array.from({ length: size }, () => queue.message()),
      );
      await assertExactly(act, queue.group, act.history.confirmed());
      await act.drain(first);
      await act.consume(transport, queue.source);
      await act.consume(await act.instance(), queue.source);
      await assertExactly(act, queue.group, act.history.confirmed());
    }),
};
