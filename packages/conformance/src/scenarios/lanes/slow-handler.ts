import { ACK } from "@waybill/core/transport";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { KEYS } from "../../kit/generate/arbitraries.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** One message stays unsettled while the messages of all other lanes are handled. The credit is small. */
export const slowHandler: Scenario = {
  name: "a slow handler in one lane does not stop the other lanes",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, KEYS, async (act, keys) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport, { lanes: 4 });
      const consumer = await act.consume(transport, queue.source, { credit: 4, handler: SETTLES_LATER });
      const slow = queue.message({ key: "slow" });
      await act.store(transport, [slow]);
      await awaitDelivered(act, queue.group, [slow.id]);
      consumer.handler = () => ACK;
      const others = keys.map((key) => queue.message({ key })).filter(({ lane }) => lane !== slow.lane);
      await act.store(transport, others);
      await awaitDelivered(
        act,
        queue.group,
        others.map(({ id }) => id),
      );
      consumer.settleAll(ACK);
    }),
};
