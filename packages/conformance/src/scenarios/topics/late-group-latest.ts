import fc from "fast-check";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { joinGroup, makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const SIZE = fc.integer({ min: 1, max: 20 });

export const lateGroupLatest: Scenario = {
  name: "a group that joins late from the latest sees what is published after it was provisioned, and nothing before",
  run: (stage) =>
    forAll(stage, fc.record({ before: SIZE, after: SIZE }), async (act, { before, after }) => {
      const publisher = await act.instance();
      const topic = await makeTopic(act, publisher);
      await act.store(
        publisher,
        Array.from({ length: before }, () => topic.message()),
      );
      const group = await joinGroup(act, publisher, { topic, from: "latest", retainMs: undefined });
      const wanted = Array.from({ length: after }, () => topic.message());
      await act.store(publisher, wanted);
      await act.consume(await act.instance(), topic.source(group));
      await claimExactly(
        act,
        group,
        wanted.map(({ id }) => id),
      );
    }),
};
