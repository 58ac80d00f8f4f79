import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** The goodbye of every protocol waits for an answer; here none comes. */
export const closeWhileStalled: Scenario = {
  name: "close over a connection that has fallen silent ends by its deadline",
  faults: ["stall"],
  async run(stage) {
    const keeper = await stage.instance();
    const leaver = await stage.instance();
    const queue = await makeQueue(stage, keeper);
    await stage.consume(leaver, queue.source, { answer: HOLDS });
    await stage.store(keeper, [queue.message()]);
    await awaitSeen(stage, queue.group, stage.history.stored());
    await stage.fault("stall")(leaver);
    const deadline = stage.time.now() + stage.pace.delayMs;
    await stage.time.finish("close", leaver.close(deadline));
    const late = stage.time.now() - deadline;
    claim(late <= stage.pace.slackMs, () => `Close ended ${late} ms after its deadline.`);
  },
};
