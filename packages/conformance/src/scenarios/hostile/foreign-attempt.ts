import { HEADER } from "@waybill/core/transport";
import { ownHeaders } from "@waybill/core/transport-kit";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import {
  assertHandled,
  assertOrdinaryDelivered,
  NUMBERS,
  retriesOnce,
  shuffled,
  spellings,
  writeAll,
} from "../../kit/hostile.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** The retry policy counts by the attempt: a value below 1 would retry forever, a huge one would not retry at all. */
export const foreignAttempt: Scenario = {
  name: "a foreign message with a forged attempt count starts at a valid attempt and counts up by one per retry",
  needs: ["attempts"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, shuffled(NUMBERS), async (act, values) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, { handler: retriesOnce(act.pace.delayMs) });
      const tags = await writeAll(
        act,
        queue,
        values.flatMap((value) =>
          spellings(HEADER.attempt).map((name) => ({ headers: [[name, value]] as const })),
        ),
      );
      await assertHandled(act, consumer, { tags, times: 2 });
      for (const tag of tags) {
        const attempts = consumer.deliveries.filter((one) => one.tag === tag).map(({ attempt }) => attempt);
        const [first = 0, second = 0] = attempts;
        assertThat(
          Number.isSafeInteger(first) && first >= 1 && first <= ownHeaders.mostAttempts + 1,
          () => `The first delivery of a foreign message was reported as attempt ${first}.`,
        );
        assertThat(
          second === first + 1,
          () => `The deliveries of a foreign message were reported as the attempts ${few(attempts)}.`,
        );
      }
      await assertOrdinaryDelivered(act, { transport, queue, consumer });
    }),
};
