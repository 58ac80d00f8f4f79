import { awaitSeen } from "../../kit/invariants.ts";
import { makeQueue } from "../../kit/places.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

export const restartKeepsAll: Scenario = {
  name: "what was answered ok survives a restart of the broker; publishers and consumers resume by themselves",
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
    await stage.fault("restart")();
    await resend(stage, publisher, queue.message());
    await stage.consume(member, queue.source);
    await awaitSeen(stage, queue.group, stage.history.stored());
    await stage.fault("restart")();
    await resend(stage, publisher, queue.message());
    await awaitSeen(stage, queue.group, stage.history.stored());
  },
};
