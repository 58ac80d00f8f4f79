import fc from "fast-check";
import { KEYS } from "../../kit/generate/arbitraries.ts";
import { addGroup, makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertExactly, assertOrder } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const DAY_MS = 86_400_000;

/** The group is added while publishing continues: messages are easily lost between the history and the live messages. */
export const lateGroupHistory: Scenario = {
  name: "a group that starts at the earliest message reads the whole history in order, then every newer message",
  needs: ["history", "order"],
  run: (stage) =>
    forAll(stage, fc.record({ past: KEYS, meanwhile: KEYS, since: KEYS }), async (act, drawn) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const topic = await makeTopic(act, publisher, { lanes: 2, retainMs: DAY_MS });
      const batch = (keys: readonly string[]) => keys.map((key) => topic.message({ key }));
      const past = batch(drawn.past);
      const meanwhile = batch(drawn.meanwhile);
      const since = batch(drawn.since);
      await act.store(publisher, past);
      const [group] = await Promise.all([
        addGroup(act, member, { topic, from: "earliest", retainMs: DAY_MS }),
        act.store(publisher, meanwhile),
      ]);
      await act.consume(member, topic.source(group));
      await act.store(publisher, since);
      const all = [...past, ...meanwhile, ...since];
      await assertExactly(
        act,
        group,
        all.map(({ id }) => id),
      );
      for (const lane of [0, 1]) {
        const tags = all.filter((message) => message.lane === lane).map(({ id }) => id);
        assertOrder(
          act.history.deliveries.filter((received) => received.group === group),
          tags,
          `Lane ${lane}`,
        );
      }
    }),
};
