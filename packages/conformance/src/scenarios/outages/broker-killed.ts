import { awaitSeen, claimKnown } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { underLoad } from "../../kit/under-load.ts";
import type { Scenario } from "../../scenario.ts";

/**
 * SIGKILL: what the broker has confirmed is on its disk, or the confirmation was a lie. That a queue exists is written
 * later than what is in it by some brokers (RabbitMQ 4.0 forgets a quorum queue that was declared within the last second,
 * with what it had confirmed): services are provisioned before they are under load, and the queue here is not brand-new.
 */
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
    await underLoad(stage, { publisher, queue }, async () => {
      await stage.time.elapse(4 * stage.pace.delayMs);
      await stage.fault("kill")();
    });
    for (const { untilBack } of states) await untilBack();
    await awaitSeen(stage, queue.group, stage.history.stored());
    claimKnown(stage.history, queue.group);
  },
};
