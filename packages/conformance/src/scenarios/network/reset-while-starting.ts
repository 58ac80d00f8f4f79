import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertOnlyPublished, awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

/** The reset comes one event-loop turn later at each start: between the first request to the broker and the last reply. */
const STARTS = 12;

/** The requests on the lost connection may have succeeded, failed or been lost: the consumer repeats them on the next one. */
export const resetWhileStarting: Scenario = {
  name: "a connection reset while a consumer starts only delays it: it consumes once the connection is back",
  faults: ["reset"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    for (let start = 0; start < STARTS; start++) {
      const queue = await makeQueue(stage, publisher);
      const states = watchStates(stage, member);
      await stage.consume(member, queue.source);
      for (let turn = 0; turn < start; turn++) await stage.time.settle();
      await stage.fault("reset")(member);
      await states.untilBack();
      const message = queue.message();
      await stage.store(publisher, [message]);
      await awaitDelivered(stage, queue.group, stage.history.confirmed().slice(-1));
      assertOnlyPublished(stage.history, queue.group);
    }
  },
};
