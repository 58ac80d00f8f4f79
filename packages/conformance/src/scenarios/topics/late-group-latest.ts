import fc from "fast-check";
import { addGroup, makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const SIZE = fc.integer({ min: 1, max: 20 });

export const lateGroupLatest: Scenario = {
  name: "a group that starts at the latest message gets every message published after it was provisioned and none from before",
  run: (stage) =>
    forAll(stage, fc.record({ before: SIZE, after: SIZE }), async (act, { before, after }) => {
      const publisher = await act.instance();
      const topic = await makeTopic(act, publisher);
      await act.store(
        publisher,
        Array.from({ length: before }, () => topic.message()),
      );
      const group = await addGroup(act, publisher, { topic, from: "latest", retainMs: undefined });
      const wanted = Array.from({ length: after }, () => topic.message());
      await act.store(publisher, wanted);
      await act.consume(await act.instance(), topic.source(group));
      await assertExactly(
        act,
        group,
        wanted.map(({ id }) => id),
      );
    }),
};
