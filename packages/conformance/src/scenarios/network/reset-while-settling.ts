import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

const LOADS = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 5 });

/** Most adapters dead-letter in two steps, publish and acknowledge, and the connection may be lost between them. */
export const resetWhileSettling: Scenario = {
  name: "a message is dead-lettered at least once, however often the connection is reset",
  needs: ["deadLetters"],
  faults: ["reset"],
  run: (stage) =>
    forAll(stage, LOADS, async (act, loads) => {
      const remaining = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, remaining);
      await act.consume(member, queue.source, {
        credit: 4,
        handler: async () => {
          await act.time.sleep(1);
          return { type: "dead-letter", headers: {} };
        },
      });
      for (const size of loads) {
        const states = watchStates(act, member);
        await act.store(
          remaining,
          Array.from({ length: size }, () => queue.message()),
        );
        await act.fault("reset")(member);
        await states.untilBack();
      }
      const stored = act.history.confirmed();
      await awaitDelivered(act, queue.group, stored);
      await act.scene(async (reading) => {
        const reader = await reading.consume(await reading.instance(), queue.deadLetters);
        await awaitDelivered(reading, queue.group, stored);
        const unexpected = reader.tags.filter((tag) => !stored.includes(tag));
        assertThat(unexpected.length === 0, () => `Unexpected dead letters: ${few(unexpected)}.`);
      });
    }),
};
