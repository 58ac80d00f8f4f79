import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { claimExactlyEach } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ groups: fc.integer({ min: 1, max: 3 }), size: fc.integer({ min: 1, max: 8 }) });

/** The broker holds the message, not the process that sent it: nobody is connected when it falls due. */
export const outlivesPublisher: Scenario = {
  name: "a delayed event outlives its publisher and reaches every group once",
  needs: ["deliverAt"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { groups, size }) => {
      const publisher = await act.instance();
      const topic = await makeTopic(act, publisher, { groups });
      const deliverAt = act.time.now() + 2 * act.pace.delayMs;
      await act.store(
        publisher,
        Array.from({ length: size }, () => topic.message({ deliverAt })),
      );
      await act.time.finish("close", publisher.close(act.time.now()));
      await act.time.elapse(3 * act.pace.delayMs);
      const member = await act.instance();
      for (const group of topic.groups) await act.consume(member, topic.source(group));
      const all = act.history.stored();
      await claimExactlyEach(act, new Map(topic.groups.map((group) => [group, all])));
      const early = act.history.handlings.filter(({ at }) => at < deliverAt);
      claim(early.length === 0, () => `${early.length} delayed messages came early.`);
    }),
};
