import { makeQueue } from "../../kit/generate/destinations.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

/** No consumer runs during the restart; another scenario proves that publishers and consumers resume under load. */
export const restartKeepsAll: Scenario = {
  name: "messages confirmed while nobody consumes survive a restart of the broker",
  needs: ["durable"],
  faults: ["restart"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, publisher);
    await stage.store(
      publisher,
      Array.from({ length: 200 }, () => queue.message()),
    );
    const states = watchStates(stage, member);
    await stage.fault("restart")();
    await resend(stage, publisher, queue.message());
    await states.untilBack();
    await stage.consume(member, queue.source);
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
  },
};
