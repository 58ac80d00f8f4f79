import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { inBackground } from "../../kit/in-background.ts";
import {
  assertDuplicatesReported,
  assertOnlyPublished,
  awaitDelivered,
} from "../../kit/observe/invariants.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

/** Bursts that are being published when the connection is reset, and the number of event-loop turns before the reset. */
const BURSTS = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 30 }), turns: fc.integer({ min: 0, max: 4 }) }),
  { minLength: 2, maxLength: 8 },
);

export const resetMidPublish: Scenario = {
  name: "a connection reset while publishing loses no confirmed message, and every duplicate was reported as maybe stored",
  faults: ["reset"],
  run: (stage) =>
    forAll(stage, BURSTS, async (act, bursts) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, member);
      await act.consume(member, queue.source);
      for (const { size, turns } of bursts) {
        const burst = inBackground(
          Promise.all(Array.from({ length: size }, () => resend(act, publisher, queue.message()))),
        );
        for (let turn = 0; turn < turns; turn++) await act.time.settle();
        await act.fault("reset")(publisher);
        await burst;
      }
      await awaitDelivered(act, queue.group, act.history.confirmed());
      await act.time.quiet();
      assertDuplicatesReported(act.history, queue.group);
      assertOnlyPublished(act.history, queue.group);
    }),
};
