import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertOnlyPublished, awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { underLoad } from "../../kit/under-load.ts";
import type { Scenario } from "../../scenario.ts";

/**
 * SIGKILL: every confirmed message must be on the broker's disk. Some brokers persist a new queue later than its
 * messages (RabbitMQ 4.0 loses a quorum queue that was declared within the last second, with its confirmed messages).
 * Services are provisioned before they are under load, so this scenario waits before the kill.
 */
export const brokerKilled: Scenario = {
  name: "a broker that is killed under load loses no confirmed message, and publishers and consumers resume by themselves",
  needs: ["durable"],
  faults: ["kill"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, publisher);
    await stage.consume(member, queue.source);
    const states = [watchStates(stage, publisher), watchStates(stage, member)];
    await underLoad(stage, { publisher, queue }, async () => {
      await stage.time.elapse(4 * stage.pace.delayMs);
      await stage.fault("kill")();
    });
    for (const { untilBack } of states) await untilBack();
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    assertOnlyPublished(stage.history, queue.group);
  },
};
