import { makeQueue } from "../../kit/generate/destinations.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

/** Consumers must run while the broker is blocked, because only they can make space in it. */
export const blockedConsumers: Scenario = {
  name: "a blocked broker keeps delivering, also to a transport whose publish is blocked",
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
    // The transport learns of the block before it starts to consume.
    const publishing = transport.publish([queue.message()]);
    await states.until("blocked");
    await stage.consume(transport, queue.source);
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    await stage.fault("unblock")();
    await stage.time.finish("the publish that was sent before the block was reported", publishing);
  },
};
