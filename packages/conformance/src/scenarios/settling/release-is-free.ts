import fc from "fast-check";
import { ACK, RELEASE } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Released a few times, retried once, released again: only the retry counts. */
export const releaseIsFree: Scenario = {
  name: "a released message comes again and no attempt is counted",
  needs: ["freeRelease"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 5 }), async (act, releases) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, {
        answer: () => {
          const times = consumer.handlings.length;
          if (times === releases + 1) return { type: "retry", delayMs: 0 };
          return times > 2 * releases + 1 ? ACK : RELEASE;
        },
      });
      const wanted = 2 * releases + 2;
      await act.store(transport, [queue.message()]);
      await act.time.eventually(
        () => consumer.handlings.length === wanted,
        () => `Of ${wanted} deliveries ${consumer.handlings.length} came.`,
      );
      for (const [at, { attempt }] of consumer.handlings.entries()) {
        const counted = at <= releases ? 1 : 2;
        claim(
          attempt === counted,
          () => `Delivery ${at + 1}, after releases and ${counted - 1} retries, is attempt ${attempt}.`,
        );
      }
    }),
};
