import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { awaitSeen, claimOneOwner, claimOrder } from "../../kit/observe/invariants.ts";
import type { Consumer } from "../../kit/consumer.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { meanwhile } from "../../kit/meanwhile.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const LANES = 4;

/** What happens between two bursts of messages: somebody joins, or the member at a place leaves. */
const CHANGES = fc.array(fc.oneof(fc.constant("join" as const), fc.integer({ min: 0, max: 3 })), {
  minLength: 2,
  maxLength: 8,
});

/** Members come and go while messages are open; the last one never leaves. */
export const oneOwner: Scenario = {
  name: "a lane has one owner at a time and keeps its order while members join and leave",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, CHANGES, async (act, changes) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: LANES });
      const join = async (): Promise<Consumer> =>
        act.consume(await act.instance(), queue.source, {
          credit: 8,
          answer: async () => {
            await act.time.sleep(1);
            return ACK;
          },
        });
      const members = [await join()];
      const drains: Promise<void>[] = [];
      for (const change of changes) {
        await act.store(
          publisher,
          Array.from({ length: 24 }, (_, at) => queue.message({ key: `key ${at % 11}` })),
        );
        if (change === "join") members.push(await join());
        else if (members.length > 1)
          drains.push(
            ...members.splice(change % members.length, 1).map((member) => meanwhile(act.drain(member))),
          );
      }
      await awaitSeen(act, queue.group, act.history.stored());
      await Promise.all(drains);
      claimOneOwner(act.history.handlings);
      for (let lane = 0; lane < LANES; lane++) {
        const sent = act.history.sendings.filter(({ message }) => message.lane === lane);
        claimOrder(
          act.history.handlings,
          sent.map(({ tag }) => tag),
          `Lane ${lane}`,
        );
      }
    }),
};
