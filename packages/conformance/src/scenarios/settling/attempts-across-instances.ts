import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** A new instance makes each attempt, after the previous one was closed. */
export const attemptsAcrossInstances: Scenario = {
  name: "the attempt count continues when another instance takes over",
  needs: ["attempts"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 2, max: 6 }), async (act, tries) => {
      const owner = await act.instance();
      const queue = await makeQueue(act, owner);
      await act.store(owner, [queue.message()]);
      for (let attempt = 1; attempt <= tries; attempt++) {
        const member = await act.instance();
        const consumer = await act.consume(member, queue.source, {
          credit: 1,
          handler: () => (attempt < tries ? { type: "retry", delayMs: act.pace.delayMs } : ACK),
        });
        await act.time.eventually(
          () => consumer.deliveries.length > 0,
          () => `Attempt ${attempt} was not delivered.`,
        );
        const reported = consumer.deliveries[0]?.attempt;
        const source = consumer.deliveries[0]?.delivery.attemptSource;
        assertThat(
          source !== "unknown",
          () => "The capability attempts is declared, but attemptSource is unknown.",
        );
        assertThat(reported === attempt, () => `Delivery ${attempt} was reported as attempt ${reported}.`);
        await act.drain(consumer);
        await act.time.finish("close", member.close(act.time.deadline()));
      }
    }),
};
