import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertOnlyPublished, awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { underLoad } from "../../kit/under-load.ts";
import type { Scenario } from "../../scenario.ts";

/** Like a swapping or frozen machine: the pause is longer than any heartbeat, and then everything continues at once. */
export const brokerPaused: Scenario = {
  name: "a broker that freezes under load and continues later loses no confirmed message",
  faults: ["pause", "unpause"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, publisher);
    await stage.consume(member, queue.source);
    const states = [watchStates(stage, publisher), watchStates(stage, member)];
    await underLoad(stage, { publisher, queue }, async () => {
      await stage.fault("pause")();
      await stage.time.elapse(4 * stage.pace.heartbeatMs);
      await stage.fault("unpause")();
    });
    for (const { until } of states) await until("ready");
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    assertOnlyPublished(stage.history, queue.group);
  },
};
