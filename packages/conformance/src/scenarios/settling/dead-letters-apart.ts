import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { assertExactly, assertExactlyEach } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** For each message, whether the first group dead-letters it. The second group handles all messages. */
const FATES = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });

export const deadLettersApart: Scenario = {
  name: "a dead letter belongs to the group that gave up; other groups still get the message and never see the dead letter",
  needs: ["deadLetters"],
  run: (stage) =>
    forAll(stage, FATES, async (act, fates) => {
      const transport = await act.instance();
      const topic = await makeTopic(act, transport, { groups: 2 });
      const [failing = "", healthy = ""] = topic.groups;
      const sent = fates.map(() => topic.message());
      const given = sent.filter((_, at) => fates[at]).map(({ id }) => id);
      await act.consume(transport, topic.source(failing), {
        handler: ({ tag }) => (given.includes(tag) ? { type: "dead-letter", headers: {} } : ACK),
      });
      await act.consume(transport, topic.source(healthy));
      await act.store(transport, sent);
      const all = act.history.confirmed();
      await assertExactlyEach(act, new Map(topic.groups.map((group) => [group, all])));
      await act.scene(async (reading) => {
        for (const group of topic.groups)
          await reading.consume(await reading.instance(), { kind: "dead-letters", group });
        await assertExactly(reading, failing, given);
        const others = reading.history.deliveredTo(healthy);
        assertThat(
          others.length === 0,
          () => `The group that handled all messages has the dead letters ${few(others)}.`,
        );
      });
    }),
};
