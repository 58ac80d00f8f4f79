import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { awaitSeen, claimKnown, claimWindows } from "../../kit/observe/invariants.ts";
import { claim, few } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  loads: fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 2, maxLength: 6 }),
  credit: fc.integer({ min: 1, max: 10 }),
});

/** Handlers take their time, so that some are always open when the connection goes. */
export const resetMidConsume: Scenario = {
  name: "a connection reset in the middle of consuming loses nothing, and what was handled afterwards stays handled",
  faults: ["reset"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { loads, credit }) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher);
      const consumer = await act.consume(member, queue.source, {
        credit,
        answer: async () => {
          await act.time.sleep(2);
          return ACK;
        },
      });
      for (const size of loads) {
        const seen = consumer.handlings.length;
        await act.store(
          publisher,
          Array.from({ length: size }, () => queue.message()),
        );
        await act.time.eventually(
          () => consumer.handlings.length > seen,
          () => `After a reset none of ${size} messages came.`,
        );
        const states = watchStates(act, member);
        await act.fault("reset")(member);
        await states.untilBack();
      }
      const stored = act.history.stored();
      await awaitSeen(act, queue.group, stored);
      await act.time.eventually(
        () => consumer.open.length === 0,
        () => `${consumer.open.length} deliveries are open and neither settled nor taken back.`,
      );
      const dropped = (): readonly string[] =>
        stored.filter((tag) => consumer.handlings.every((one) => one.tag !== tag || one.isRevoked));
      await act.time.eventually(
        () => dropped().length === 0,
        () => `${few(dropped())} were taken back and did not come again.`,
      );
      claimKnown(act.history, queue.group);
      claimWindows(consumer);
      await act.drain(consumer);
      const heir = await act.consume(publisher, queue.source);
      await act.time.quiet();
      claim(heir.tags.length === 0, () => `${few(heir.tags)} came again although all had been handled.`);
    }),
};
