import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertCreditKept, awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const WINDOWS = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });

/** The credit goes up and down while messages are in flight; the transport must also use all of it. */
export const creditKept: Scenario = {
  name: "a member never has more unsettled deliveries than its credit, and gets as many as its credit allows",
  run: (stage) =>
    forAll(stage, WINDOWS, async (act, windows) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const size = 15 * windows.length;
      await act.store(
        transport,
        Array.from({ length: size }, () => queue.message()),
      );
      const consumer = await act.consume(transport, queue.source, { credit: 0, handler: SETTLES_LATER });
      for (const window of windows) {
        consumer.credit(window);
        await act.time.eventually(
          () => consumer.inFlight.length >= window,
          () =>
            `With a credit of ${window} and enough messages waiting, only ${consumer.inFlight.length} were in flight.`,
        );
        await act.time.settle();
        assertCreditKept(consumer);
        for (const received of consumer.inFlight.slice(0, 3)) received.settle(ACK);
      }
      consumer.settleAll(ACK);
      consumer.handler = () => ACK;
      await act.time.eventually(
        () => new Set(consumer.tags).size === size,
        () => `${consumer.tags.length} of ${size} messages were delivered.`,
      );
      await awaitDelivered(act, queue.group, act.history.confirmed());
      assertCreditKept(consumer);
    }),
};
