import fc from "fast-check";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactlyEach } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ groups: fc.integer({ min: 1, max: 3 }), size: fc.integer({ min: 1, max: 8 }) });

/** The broker keeps the message, not the process that sent it: no client is connected when the message is due. */
export const outlivesPublisher: Scenario = {
  name: "a delayed event survives the end of its publisher and reaches every group once",
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
      const all = act.history.confirmed();
      await assertExactlyEach(act, new Map(topic.groups.map((group) => [group, all])));
      const early = act.history.deliveries.filter(({ at }) => at < deliverAt);
      assertThat(early.length === 0, () => `${early.length} delayed messages were delivered early.`);
    }),
};
