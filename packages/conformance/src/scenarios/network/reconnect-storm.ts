import { ACK } from "@waybill/core/transport";
import { awaitSeen, claimKnown } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { underLoad } from "../../kit/under-load.ts";
import type { Scenario } from "../../scenario.ts";

const CUTS = 20;

/** Publisher and member in turn, each struck again while it may still be on its way back. */
export const reconnectStorm: Scenario = {
  name: "twenty lost connections in a row, while publishing and consuming, lose nothing and tire nobody",
  faults: ["cut", "restore"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, publisher);
    await stage.consume(member, queue.source, {
      credit: 20,
      answer: async () => {
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
        // Sometimes it is struck before it is back, sometimes after.
        if (cut % 4 > 1) await states[cut % 2]?.until("ready");
      }
    });
    for (const { until } of states) await until("ready");
    await awaitSeen(stage, queue.group, stage.history.stored());
    claimKnown(stage.history, queue.group);
  },
};
