import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { assertCreditKept, assertOnlyPublished, awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  loads: fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 2, maxLength: 6 }),
  credit: fc.integer({ min: 1, max: 10 }),
});

/** Handlers take 2 ms, so that some messages are always in flight when the connection is reset. */
export const resetMidConsume: Scenario = {
  name: "a connection reset while consuming loses no message, and messages settled afterwards stay settled",
  faults: ["reset"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { loads, credit }) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher);
      const consumer = await act.consume(member, queue.source, {
        credit,
        handler: async () => {
          await act.time.sleep(2);
          return ACK;
        },
      });
      for (const size of loads) {
        const seen = consumer.deliveries.length;
        await act.store(
          publisher,
          Array.from({ length: size }, () => queue.message()),
        );
        await act.time.eventually(
          () => consumer.deliveries.length > seen,
          () => `After a connection reset none of ${size} messages was delivered.`,
        );
        const states = watchStates(act, member);
        await act.fault("reset")(member);
        await states.untilBack();
      }
      const stored = act.history.confirmed();
      await awaitDelivered(act, queue.group, stored);
      await act.time.eventually(
        () => consumer.inFlight.length === 0,
        () => `${consumer.inFlight.length} deliveries were neither settled nor revoked.`,
      );
      const dropped = (): readonly string[] =>
        stored.filter((tag) => consumer.deliveries.every((one) => one.tag !== tag || one.isRevoked));
      await act.time.eventually(
        () => dropped().length === 0,
        () => `${few(dropped())} were revoked and not delivered again.`,
      );
      assertOnlyPublished(act.history, queue.group);
      assertCreditKept(consumer);
      await act.drain(consumer);
      const successor = await act.consume(publisher, queue.source);
      await act.time.quiet();
      assertThat(
        successor.tags.length === 0,
        () => `${few(successor.tags)} were delivered again after they had been settled.`,
      );
    }),
};
