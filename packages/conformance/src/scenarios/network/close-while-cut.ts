import fc from "fast-check";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

/** Somebody stops the process because the broker is gone. */
export const closeWhileCut: Scenario = {
  name: "close without a connection ends by its deadline and stays closed when the connection is possible again",
  faults: ["cut", "restore"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 0, max: 2 }), async (act, units) => {
      const keeper = await act.instance();
      const leaver = await act.instance();
      const queue = await makeQueue(act, keeper);
      await act.consume(leaver, queue.source, { answer: HOLDS });
      await act.store(keeper, [queue.message()]);
      await awaitSeen(act, queue.group, act.history.stored());
      const states = watchStates(act, leaver);
      await act.fault("cut")(leaver);
      await states.until("disconnected");
      const deadline = act.time.now() + units * act.pace.delayMs;
      await act.time.finish("close", leaver.close(deadline));
      const late = act.time.now() - deadline;
      claim(late <= act.pace.slackMs, () => `Close ended ${late} ms after its deadline.`);
      await act.fault("restore")(leaver);
      await act.time.quiet();
      claim(states.seen.at(-1) === "closed", () => `A closed transport went ${states.seen.join()}.`);
      const heir = await act.consume(keeper, queue.source);
      await act.time.eventually(
        () => heir.tags.length === 1,
        () => "What the closed transport had held did not come to another one.",
      );
    }),
};
