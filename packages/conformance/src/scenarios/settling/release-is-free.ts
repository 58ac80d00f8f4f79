import { ACK, RELEASE } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** Releases a message a few times, retries it once, releases it again: only the retry counts. */
export const releaseIsFree: Scenario = {
  name: "a released message is delivered again without counting an attempt",
  needs: ["freeRelease"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 5 }), async (act, releases) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, {
        handler: () => {
          const times = consumer.deliveries.length;
          if (times === releases + 1) return { type: "retry", delayMs: 0 };
          return times > 2 * releases + 1 ? ACK : RELEASE;
        },
      });
      const wanted = 2 * releases + 2;
      await act.store(transport, [queue.message()]);
      await act.time.eventually(
        () => consumer.deliveries.length === wanted,
        () => `The message was delivered ${consumer.deliveries.length} of ${wanted} times.`,
      );
      for (const [at, { attempt }] of consumer.deliveries.entries()) {
        const counted = at <= releases ? 1 : 2;
        assertThat(
          attempt === counted,
          () =>
            `Delivery ${at + 1}, after ${counted - 1} retries and releases, was reported as attempt ${attempt}.`,
        );
      }
    }),
};
