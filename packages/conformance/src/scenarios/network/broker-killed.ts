import { awaitSeen, claimKnown } from "../../kit/invariants.ts";
import { makeQueue } from "../../kit/places.ts";
import { watchStates } from "../../kit/states.ts";
import { underLoad } from "../../kit/under-load.ts";
import type { Scenario } from "../../scenario.ts";

/** SIGKILL: what the broker has confirmed is on its disk, or the confirmation was a lie. */
export const brokerKilled: Scenario = {
  name: "a broker that is killed under load loses nothing that was answered ok; publishers and consumers resume by themselves",
  needs: ["durable"],
  faults: ["kill"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, publisher);
    await stage.consume(member, queue.source);
    const states = [watchStates(stage, publisher), watchStates(stage, member)];
    await underLoad(stage, { publisher, queue }, stage.fault("kill"));
    for (const { untilBack } of states) await untilBack();
    await awaitSeen(stage, queue.group, stage.history.stored());
    claimKnown(stage.history, queue.group);
  },
};
