import fc from "fast-check";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { claim, few } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

const LOADS = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 5 });

/** Moving a message takes two steps on most brokers, and the connection may go between them. */
export const resetWhileSettling: Scenario = {
  name: "a message is dead-lettered at least once, though the connection is reset again and again",
  needs: ["deadLetters"],
  faults: ["reset"],
  run: (stage) =>
    forAll(stage, LOADS, async (act, loads) => {
      const keeper = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, keeper);
      await act.consume(member, queue.source, {
        credit: 4,
        answer: async () => {
          await act.time.sleep(1);
          return { type: "dead-letter", headers: {} };
        },
      });
      for (const size of loads) {
        const states = watchStates(act, member);
        await act.store(
          keeper,
          Array.from({ length: size }, () => queue.message()),
        );
        await act.fault("reset")(member);
        await states.untilBack();
      }
      const stored = act.history.stored();
      await awaitSeen(act, queue.group, stored);
      await act.scene(async (reading) => {
        const reader = await reading.consume(await reading.instance(), queue.deadLetters);
        await awaitSeen(reading, queue.group, stored);
        const strangers = reader.tags.filter((tag) => !stored.includes(tag));
        claim(strangers.length === 0, () => `Among the dead letters are ${few(strangers)}.`);
      });
    }),
};
