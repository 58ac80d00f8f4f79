import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import type { Consumer } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { inBackground } from "../../kit/in-background.ts";
import { assertOneOwner, assertOrder, awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const LANES = 4;

/** The change between two bursts of messages: a member joins, or the member at this index leaves. */
const CHANGES = fc.array(fc.oneof(fc.constant("join" as const), fc.integer({ min: 0, max: 3 })), {
  minLength: 2,
  maxLength: 8,
});

/** Members join and leave while messages are in flight; the last member never leaves. */
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
          handler: async () => {
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
            ...members.splice(change % members.length, 1).map((member) => inBackground(act.drain(member))),
          );
      }
      await awaitDelivered(act, queue.group, act.history.confirmed());
      await Promise.all(drains);
      assertOneOwner(act.history.deliveries);
      for (let lane = 0; lane < LANES; lane++) {
        const sent = act.history.publishes.filter(({ message }) => message.lane === lane);
        assertOrder(
          act.history.deliveries,
          sent.map(({ tag }) => tag),
          `Lane ${lane}`,
        );
      }
    }),
};
