import { awaitSeen, claimKnown } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { underLoad } from "../../kit/under-load.ts";
import type { Scenario } from "../../scenario.ts";

/** A machine that swaps, a frozen virtual machine: longer than any heartbeat, and everything comes back at once. */
export const brokerPaused: Scenario = {
  name: "a broker that stands still under load and goes on loses nothing that was answered ok",
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
    await awaitSeen(stage, queue.group, stage.history.stored());
    claimKnown(stage.history, queue.group);
  },
};
