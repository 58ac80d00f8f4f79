import { ACK } from "@waybill/core/transport";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertOnlyPublished, awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { underLoad } from "../../kit/under-load.ts";
import type { Scenario } from "../../scenario.ts";

const CUTS = 20;

/** Cuts publisher and member in turn, sometimes while they are still reconnecting. */
export const reconnectStorm: Scenario = {
  name: "after twenty lost connections in a row, publishing and consuming still resume and no confirmed message is lost",
  faults: ["cut", "restore"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, publisher);
    await stage.consume(member, queue.source, {
      credit: 20,
      handler: async () => {
        await stage.time.sleep(1);
        return ACK;
      },
    });
    const states = [watchStates(stage, publisher), watchStates(stage, member)];
    await underLoad(stage, { publisher, queue }, async () => {
      for (let cut = 0; cut < CUTS; cut++) {
        const victim = cut % 2 === 0 ? publisher : member;
        await stage.fault("cut")(victim);
        await stage.time.elapse(stage.pace.stepMs);
        await stage.fault("restore")(victim);
        // The next cut of this transport comes sometimes before it has reconnected, sometimes after.
        if (cut % 4 > 1) await states[cut % 2]?.until("ready");
      }
    });
    for (const { until } of states) await until("ready");
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    assertOnlyPublished(stage.history, queue.group);
  },
};
