import fc from "fast-check";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactlyEach } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  members: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
  size: fc.integer({ min: 1, max: 30 }),
});

export const eachGroup: Scenario = {
  name: "every group of a topic gets every message, delivered once to one of its members",
  run: (stage) =>
    forAll(stage, CASE, async (act, { members, size }) => {
      const publisher = await act.instance();
      const topic = await makeTopic(act, publisher, { groups: members.length });
      for (const [at, group] of topic.groups.entries())
        for (let member = 0; member < (members[at] ?? 0); member++)
          await act.consume(await act.instance(), topic.source(group));
      await act.store(
        publisher,
        Array.from({ length: size }, () => topic.message()),
      );
      const all = act.history.confirmed();
      await assertExactlyEach(act, new Map(topic.groups.map((group) => [group, all])));
    }),
};
