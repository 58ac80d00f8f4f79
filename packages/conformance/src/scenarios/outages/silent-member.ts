import { HOLDS } from "../../kit/consumer.ts";
import { few } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** A machine without power: nobody resets its connections, and the broker must find out by its silence. */
export const silentMember: Scenario = {
  name: "the messages of a member that has fallen silent come to another one",
  faults: ["stall"],
  async run(stage) {
    const keeper = await stage.instance();
    const silent = await stage.instance();
    const queue = await makeQueue(stage, keeper);
    const first = await stage.consume(silent, queue.source, { answer: HOLDS });
    await stage.store(
      keeper,
      Array.from({ length: 10 }, () => queue.message()),
    );
    await awaitSeen(stage, queue.group, stage.history.stored());
    await stage.fault("stall")(silent);
    const second = await stage.consume(keeper, queue.source);
    await stage.time.eventually(
      () => first.tags.every((tag) => second.tags.includes(tag)),
      () => `The silent member held ${few(first.tags)}, the other was handed ${few(second.tags)}.`,
    );
  },
};
