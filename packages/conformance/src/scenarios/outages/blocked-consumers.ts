import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

/** What empties the broker must not wait for the broker to be empty. */
export const blockedConsumers: Scenario = {
  name: "a blocked broker goes on delivering, also to a transport that publishes",
  faults: ["block", "unblock"],
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    await stage.store(
      transport,
      Array.from({ length: 30 }, () => queue.message()),
    );
    const states = watchStates(stage, transport);
    await stage.fault("block")();
    // The transport meets the block before it consumes.
    const publishing = transport.publish([queue.message()]);
    await states.until("blocked");
    await stage.consume(transport, queue.source);
    await awaitSeen(stage, queue.group, stage.history.stored());
    await stage.fault("unblock")();
    await stage.time.finish("a publish from before the block was told", publishing);
  },
};
