import { awaitSeen, claimKnown } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

/** A little later after each start: somewhere between the first request to the broker and the last answer. */
const STARTS = 12;

/** What a consumer asked of the lost connection may be answered, refused or unheard: on the next one it is asked again. */
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
      await awaitSeen(stage, queue.group, stage.history.stored().slice(-1));
      claimKnown(stage.history, queue.group);
    }
  },
};
