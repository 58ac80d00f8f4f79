import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

const LANES = 2;
/** Time from the join to the crash: by then the dying member has released no lane, some lanes, or leads the next rebalance. */
const PAUSES = fc.record({ pauseMs: fc.integer({ min: 0, max: 800 }) });

/** The group is rebalancing, and the dying member may lead the rebalance: the new member must stay in the group. */
export const diesAsAnotherJoins: Scenario = {
  name: "when a member dies while another joins, the new member gets every message once",
  needs: ["order"],
  faults: ["crash"],
  run: (stage) =>
    forAll(stage, PAUSES, async (act, { pauseMs }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: LANES });
      const dying = await act.instance();
      await act.consume(dying, queue.source, { credit: 8, handler: SETTLES_LATER });
      const other = await act.consume(await act.instance(), queue.source, {
        credit: 8,
        handler: SETTLES_LATER,
      });
      await act.time.elapse(pauseMs);
      await act.fault("crash")(dying);
      await act.store(
        publisher,
        ["a", "b", "c", "d"].map((key) => queue.message({ key })),
      );
      const stored = act.history.confirmed();
      const seen = (): string => `Stored: ${few(stored)}. Delivered to the new member: ${few(other.tags)}.`;
      await act.time.eventually(() => stored.every((tag) => other.tags.includes(tag)), seen);
      other.settleAll(ACK);
      await act.time.quiet();
      assertThat(other.deliveries.length === stored.length, seen);
    }),
};
