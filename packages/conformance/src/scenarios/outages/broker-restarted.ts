import { awaitSeen, claimKnown } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { underLoad } from "../../kit/under-load.ts";
import type { Scenario } from "../../scenario.ts";

/** The broker says goodbye, is away for a while, and comes back with what it had. */
export const brokerRestarted: Scenario = {
  name: "a broker that is restarted under load loses nothing that was answered ok; publishers and consumers resume by themselves",
  needs: ["durable"],
  faults: ["restart"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, publisher);
    await stage.consume(member, queue.source);
    const states = [watchStates(stage, publisher), watchStates(stage, member)];
    await underLoad(stage, { publisher, queue }, stage.fault("restart"));
    for (const { untilBack } of states) await untilBack();
    await awaitSeen(stage, queue.group, stage.history.stored());
    claimKnown(stage.history, queue.group);
  },
};
