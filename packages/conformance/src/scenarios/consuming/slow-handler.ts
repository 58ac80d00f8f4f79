import { ACK } from "@waybill/core/transport";
import { KEYS } from "../../kit/generate/arbitraries.ts";
import { HOLDS } from "../../kit/consumer.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** One message is never answered while the others of all other lanes go by. The window has room for a few only. */
export const slowHandler: Scenario = {
  name: "a slow handler does not stop other lanes",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, KEYS, async (act, keys) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport, { lanes: 4 });
      const consumer = await act.consume(transport, queue.source, { credit: 4, answer: HOLDS });
      const slow = queue.message({ key: "slow" });
      await act.store(transport, [slow]);
      await awaitSeen(act, queue.group, [slow.id]);
      consumer.answer = () => ACK;
      const others = keys.map((key) => queue.message({ key })).filter(({ lane }) => lane !== slow.lane);
      await act.store(transport, others);
      await awaitSeen(
        act,
        queue.group,
        others.map(({ id }) => id),
      );
      consumer.answerAll(ACK);
    }),
};
