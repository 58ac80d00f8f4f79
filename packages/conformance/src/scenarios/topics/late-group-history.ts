import fc from "fast-check";
import { KEYS } from "../../kit/generate/arbitraries.ts";
import { claimExactly, claimOrder } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { joinGroup, makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const DAY_MS = 86_400_000;

/** The group joins while publishing goes on: the seam between history and live is where messages get lost. */
export const lateGroupHistory: Scenario = {
  name: "a group that joins late from the earliest reads the whole history, in order, then what is published since",
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
        joinGroup(act, member, { topic, from: "earliest", retainMs: DAY_MS }),
        act.store(publisher, meanwhile),
      ]);
      await act.consume(member, topic.source(group));
      await act.store(publisher, since);
      const all = [...past, ...meanwhile, ...since];
      await claimExactly(
        act,
        group,
        all.map(({ id }) => id),
      );
      for (const lane of [0, 1]) {
        const tags = all.filter((message) => message.lane === lane).map(({ id }) => id);
        claimOrder(
          act.history.handlings.filter((handling) => handling.group === group),
          tags,
          `Lane ${lane}`,
        );
      }
    }),
};
