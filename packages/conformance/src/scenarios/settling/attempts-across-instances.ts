import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Every try by an instance of its own, each closed before the next starts. */
export const attemptsAcrossInstances: Scenario = {
  name: "the count of attempts goes on when another instance takes over",
  needs: ["attempts"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 2, max: 6 }), async (act, tries) => {
      const keeper = await act.instance();
      const queue = await makeQueue(act, keeper);
      await act.store(keeper, [queue.message()]);
      for (let attempt = 1; attempt <= tries; attempt++) {
        const member = await act.instance();
        const consumer = await act.consume(member, queue.source, {
          credit: 1,
          answer: () => (attempt < tries ? { type: "retry", delayMs: act.pace.delayMs } : ACK),
        });
        await act.time.eventually(
          () => consumer.handlings.length > 0,
          () => `Attempt ${attempt} never came.`,
        );
        const said = consumer.handlings[0]?.attempt;
        const source = consumer.handlings[0]?.delivery.attemptSource;
        claim(source !== "unknown", () => "Attempts are declared as counted, and their source as unknown.");
        claim(said === attempt, () => `Delivery ${attempt} says that it is attempt ${said}.`);
        await act.drain(consumer);
        await act.time.finish("close", member.close(act.time.deadline()));
      }
    }),
};
