import fc from "fast-check";
import { ACK, type Settlement } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const LATE_WORD: fc.Arbitrary<Settlement> = fc.constantFrom<Settlement>(
  ACK,
  { type: "release" },
  { type: "retry", delayMs: 0 },
  { type: "dead-letter", headers: {} },
);

/** A member is drained over the head of its handlers; these answer when another has the messages. */
export const settledAfterRevoke: Scenario = {
  name: "the answer of a handler whose message was taken back changes nothing",
  run: (stage) =>
    forAll(stage, fc.array(LATE_WORD, { minLength: 1, maxLength: 6 }), async (act, words) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher);
      const late = await act.consume(await act.instance(), queue.source, { answer: HOLDS });
      await act.store(
        publisher,
        words.map(() => queue.message()),
      );
      await awaitSeen(act, queue.group, act.history.stored());
      const held = late.handlings;
      await act.time.finish("drain", late.drain(act.time.now() + act.pace.delayMs));
      const heir = await act.consume(await act.instance(), queue.source, { answer: HOLDS });
      await act.time.eventually(
        () => heir.open.length === words.length,
        () => `Of ${words.length} messages taken back ${heir.open.length} came to the other member.`,
      );
      for (const [at, word] of words.entries()) held[at]?.answer(word);
      await act.time.quiet();
      claim(heir.open.length === words.length, () => "A late answer took a message from its new owner.");
      claim(
        heir.tags.length === words.length,
        () => `Late answers made ${heir.tags.length} deliveries of ${words.length} messages.`,
      );
      heir.answerAll(ACK);
      await act.time.quiet();
      claim(
        heir.tags.length === words.length,
        () => "A message came again after its new owner had settled it.",
      );
    }),
};
