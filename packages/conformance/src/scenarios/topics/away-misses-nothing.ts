import fc from "fast-check";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const SIZE = fc.integer({ min: 1, max: 20 });

export const awayMissesNothing: Scenario = {
  name: "a group misses no message while none of its members runs",
  run: (stage) =>
    forAll(stage, fc.array(SIZE, { minLength: 1, maxLength: 4 }), async (act, loads) => {
      const publisher = await act.instance();
      const topic = await makeTopic(act, publisher);
      const group = topic.groups[0] ?? "";
      for (const size of loads) {
        await act.store(
          publisher,
          Array.from({ length: size }, () => topic.message()),
        );
        const member = await act.instance();
        const consumer = await act.consume(member, topic.source(group));
        await act.store(publisher, [topic.message()]);
        await assertExactly(act, group, act.history.confirmed());
        await act.drain(consumer);
        await act.time.finish("close", member.close(act.time.deadline()));
      }
    }),
};
