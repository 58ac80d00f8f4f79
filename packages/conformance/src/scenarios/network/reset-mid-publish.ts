import fc from "fast-check";
import { awaitSeen, claimCopies, claimKnown } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { meanwhile } from "../../kit/meanwhile.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

/** Bursts that are on their way when the connection is reset, and how many turns later that is. */
const BURSTS = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 30 }), turns: fc.integer({ min: 0, max: 4 }) }),
  { minLength: 2, maxLength: 8 },
);

export const resetMidPublish: Scenario = {
  name: "a connection reset in the middle of publishing loses nothing that was answered ok, and every duplicate was owned up to",
  faults: ["reset"],
  run: (stage) =>
    forAll(stage, BURSTS, async (act, bursts) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, member);
      await act.consume(member, queue.source);
      for (const { size, turns } of bursts) {
        const burst = meanwhile(
          Promise.all(Array.from({ length: size }, () => resend(act, publisher, queue.message()))),
        );
        for (let turn = 0; turn < turns; turn++) await act.time.settle();
        await act.fault("reset")(publisher);
        await burst;
      }
      await awaitSeen(act, queue.group, act.history.stored());
      await act.time.quiet();
      claimCopies(act.history, queue.group);
      claimKnown(act.history, queue.group);
    }),
};
