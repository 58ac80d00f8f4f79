import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertOnlyPublished, awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { underLoad } from "../../kit/under-load.ts";
import type { Scenario } from "../../scenario.ts";

/** The broker closes its connections, stops, and starts again with the messages it had stored. */
export const brokerRestarted: Scenario = {
  name: "a broker that is restarted under load loses no confirmed message, and publishers and consumers resume by themselves",
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
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    assertOnlyPublished(stage.history, queue.group);
  },
};
