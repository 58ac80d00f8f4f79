import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { awaitSeen, claimWindows } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const WINDOWS = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });

/** The window moves up and down while deliveries are open; a full one is also used in full. */
export const creditKept: Scenario = {
  name: "no member holds more unsettled deliveries than its credit, and it gets as many as that",
  run: (stage) =>
    forAll(stage, WINDOWS, async (act, windows) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const size = 15 * windows.length;
      await act.store(
        transport,
        Array.from({ length: size }, () => queue.message()),
      );
      const consumer = await act.consume(transport, queue.source, { credit: 0, answer: HOLDS });
      for (const window of windows) {
        consumer.credit(window);
        await act.time.eventually(
          () => consumer.open.length >= window,
          () =>
            `With a credit of ${window} and messages waiting only ${consumer.open.length} were delivered.`,
        );
        await act.time.settle();
        claimWindows(consumer);
        for (const handling of consumer.open.slice(0, 3)) handling.answer(ACK);
      }
      consumer.answerAll(ACK);
      consumer.answer = () => ACK;
      await act.time.eventually(
        () => new Set(consumer.tags).size === size,
        () => `Of ${size} messages ${consumer.tags.length} came.`,
      );
      await awaitSeen(act, queue.group, act.history.stored());
      claimWindows(consumer);
    }),
};
