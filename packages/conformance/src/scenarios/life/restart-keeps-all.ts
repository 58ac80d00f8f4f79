import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { resend } from "../../kit/resend.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

/** Nobody consumes meanwhile: that publishers and consumers resume under load is a promise of its own. */
export const restartKeepsAll: Scenario = {
  name: "what was answered ok while nobody consumed survives a restart of the broker",
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
    await awaitSeen(stage, queue.group, stage.history.stored());
  },
};
