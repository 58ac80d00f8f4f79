import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** For each message, whether one of the two groups retries it once. */
const FATES = fc.array(fc.boolean(), { minLength: 2, maxLength: 30 });

export const retryHarmsNobody: Scenario = {
  name: "a message that waits for its retry holds up no other message, and the retry reaches no other group",
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
        handler: ({ tag, attempt }) =>
          attempt === 1 && retried.includes(tag) ? { type: "retry", delayMs } : ACK,
      });
      await act.consume(transport, topic.source(healthy));
      await act.store(transport, sent);
      const tags = sent.map(({ id }) => id);
      await awaitDelivered(act, failing, tags);
      const last = Math.max(...consumer.deliveries.map(({ at }) => at));
      const first = consumer.deliveries[0]?.at ?? last;
      assertThat(
        last - first < delayMs,
        () => "The other messages were delivered only after the delay of a retry.",
      );
      await act.time.eventually(
        () => consumer.tags.length >= sent.length + retried.length,
        () =>
          `${sent.length} messages, ${retried.length} of them retried, were delivered ${consumer.tags.length} times.`,
      );
      await act.time.quiet();
      const wrong = tags.filter(
        (tag) => consumer.tags.filter((seen) => seen === tag).length !== (retried.includes(tag) ? 2 : 1),
      );
      assertThat(
        wrong.length === 0,
        () => `Expected one delivery each, two if retried; wrong for ${few(wrong)}.`,
      );
      const other = act.history.deliveredTo(healthy);
      assertThat(
        other.length === sent.length,
        () => `The other group got ${other.length} deliveries of ${sent.length} messages.`,
      );
    }),
};
