import fc from "fast-check";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const LOADS = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 4 });

export const manyPublishers: Scenario = {
  name: "messages that several instances publish concurrently are each delivered once",
  run: (stage) =>
    forAll(stage, LOADS, async (act, loads) => {
      const member = await act.instance();
      const topic = await makeTopic(act, member);
      const group = topic.groups[0] ?? "";
      await act.consume(member, topic.source(group));
      const publishers = await Promise.all(loads.map(() => act.instance()));
      const calls = publishers.flatMap((publisher, at) =>
        Array.from({ length: loads[at] ?? 0 }, () => act.store(publisher, [topic.message()])),
      );
      await Promise.all(calls);
      await assertExactly(act, group, act.history.confirmed());
    }),
};
