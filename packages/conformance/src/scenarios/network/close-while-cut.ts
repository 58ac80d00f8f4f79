import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

/** An operator stops the process because the broker is gone. */
export const closeWhileCut: Scenario = {
  name: "close without a connection ends by its deadline, and the transport stays closed when the network returns",
  faults: ["cut", "restore"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 0, max: 2 }), async (act, units) => {
      const remaining = await act.instance();
      const leaving = await act.instance();
      const queue = await makeQueue(act, remaining);
      await act.consume(leaving, queue.source, { handler: SETTLES_LATER });
      await act.store(remaining, [queue.message()]);
      await awaitDelivered(act, queue.group, act.history.confirmed());
      const states = watchStates(act, leaving);
      await act.fault("cut")(leaving);
      await states.until("disconnected");
      const deadline = act.time.now() + units * act.pace.delayMs;
      await act.time.finish("close", leaving.close(deadline));
      const late = act.time.now() - deadline;
      assertThat(late <= act.pace.slackMs, () => `close ended ${late} ms after its deadline.`);
      await act.fault("restore")(leaving);
      await act.time.quiet();
      assertThat(
        states.seen.at(-1) === "closed",
        () => `After close the reported states are ${states.seen.join()}.`,
      );
      const successor = await act.consume(remaining, queue.source);
      await act.time.eventually(
        () => successor.tags.length === 1,
        () => "The unsettled message of the closed transport was not delivered to another member.",
      );
    }),
};
