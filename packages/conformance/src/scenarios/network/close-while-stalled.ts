import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** The closing exchange of every protocol waits for a reply of the broker; here none arrives. */
export const closeWhileStalled: Scenario = {
  name: "close on a stalled connection ends by its deadline",
  faults: ["stall"],
  async run(stage) {
    const remaining = await stage.instance();
    const leaving = await stage.instance();
    const queue = await makeQueue(stage, remaining);
    await stage.consume(leaving, queue.source, { handler: SETTLES_LATER });
    await stage.store(remaining, [queue.message()]);
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    await stage.fault("stall")(leaving);
    const deadline = stage.time.now() + stage.pace.delayMs;
    await stage.time.finish("close", leaving.close(deadline));
    const late = stage.time.now() - deadline;
    assertThat(late <= stage.pace.slackMs, () => `close ended ${late} ms after its deadline.`);
  },
};
