import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { claim, few } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** True: this one is retried once, by one of two groups. */
const FATES = fc.array(fc.boolean(), { minLength: 2, maxLength: 30 });

export const retryHarmsNobody: Scenario = {
  name: "while one message waits for its retry the others go on, and other groups hear nothing of it",
  needs: ["retryDelay"],
  run: (stage) =>
    forAll(stage, FATES, async (act, fates) => {
      const transport = await act.instance();
      const topic = await makeTopic(act, transport, { groups: 2 });
      const [failing = "", healthy = ""] = topic.groups;
      const sent = fates.map(() => topic.message());
      const retried = sent.filter((_, at) => fates[at]).map(({ id }) => id);
      const delayMs = 5 * act.pace.delayMs;
      const consumer = await act.consume(transport, topic.source(failing), {
        credit: 2,
        answer: ({ tag, attempt }) =>
          attempt === 1 && retried.includes(tag) ? { type: "retry", delayMs } : ACK,
      });
      await act.consume(transport, topic.source(healthy));
      await act.store(transport, sent);
      const tags = sent.map(({ id }) => id);
      await awaitSeen(act, failing, tags);
      const last = Math.max(...consumer.handlings.map(({ at }) => at));
      const first = consumer.handlings[0]?.at ?? last;
      claim(last - first < delayMs, () => "The others came only after a retry was over.");
      await act.time.eventually(
        () => consumer.tags.length >= sent.length + retried.length,
        () => `${sent.length} messages, ${retried.length} retried, made ${consumer.tags.length} deliveries.`,
      );
      await act.time.quiet();
      const wrong = tags.filter(
        (tag) => consumer.tags.filter((seen) => seen === tag).length !== (retried.includes(tag) ? 2 : 1),
      );
      claim(wrong.length === 0, () => `${few(wrong)} did not come once, or twice if retried.`);
      const heard = act.history.seenBy(healthy);
      claim(
        heard.length === sent.length,
        () => `The other group was handed ${heard.length} of ${sent.length}.`,
      );
    }),
};
