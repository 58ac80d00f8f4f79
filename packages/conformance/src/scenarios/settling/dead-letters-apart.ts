import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { claim, few } from "../../kit/observe/claim.ts";
import { claimExactly, claimExactlyEach } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** True: the first group cannot handle this one. The second handles all. */
const FATES = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });

export const deadLettersApart: Scenario = {
  name: "dead letters belong to the group that gave up: others neither miss the message nor see the letter",
  needs: ["deadLetters"],
  run: (stage) =>
    forAll(stage, FATES, async (act, fates) => {
      const transport = await act.instance();
      const topic = await makeTopic(act, transport, { groups: 2 });
      const [failing = "", healthy = ""] = topic.groups;
      const sent = fates.map(() => topic.message());
      const given = sent.filter((_, at) => fates[at]).map(({ id }) => id);
      await act.consume(transport, topic.source(failing), {
        answer: ({ tag }) => (given.includes(tag) ? { type: "dead-letter", headers: {} } : ACK),
      });
      await act.consume(transport, topic.source(healthy));
      await act.store(transport, sent);
      const all = act.history.stored();
      await claimExactlyEach(act, new Map(topic.groups.map((group) => [group, all])));
      await act.scene(async (reading) => {
        for (const group of topic.groups)
          await reading.consume(await reading.instance(), { kind: "dead-letters", group });
        await claimExactly(reading, failing, given);
        const others = reading.history.seenBy(healthy);
        claim(others.length === 0, () => `The healthy group has the dead letters ${few(others)}.`);
      });
    }),
};
