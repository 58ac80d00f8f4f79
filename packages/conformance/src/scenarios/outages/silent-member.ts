import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { few } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** Like a machine without power: nothing resets its connections, and only missing heartbeats show that it is gone. */
export const silentMember: Scenario = {
  name: "the messages of a member that stopped responding are delivered to another member",
  faults: ["stall"],
  async run(stage) {
    const remaining = await stage.instance();
    const silent = await stage.instance();
    const queue = await makeQueue(stage, remaining);
    const first = await stage.consume(silent, queue.source, { handler: SETTLES_LATER });
    await stage.store(
      remaining,
      Array.from({ length: 10 }, () => queue.message()),
    );
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    await stage.fault("stall")(silent);
    const second = await stage.consume(remaining, queue.source);
    await stage.time.eventually(
      () => first.tags.every((tag) => second.tags.includes(tag)),
      () =>
        `In flight at the silent member: ${few(first.tags)}. Delivered to the other: ${few(second.tags)}.`,
    );
  },
};
