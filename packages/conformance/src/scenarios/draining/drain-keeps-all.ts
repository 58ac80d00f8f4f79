import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { assertOneOwner, awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  size: fc.integer({ min: 5, max: 60 }),
  credit: fc.integer({ min: 1, max: 20 }),
  drainAfter: fc.integer({ min: 0, max: 5 }),
});

/** Drains a member with enough time while its handlers run; then another member takes over. */
export const drainKeepsAll: Scenario = {
  name: "draining while handlers run loses, repeats and reorders no message",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { size, credit, drainAfter }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: 2 });
      const slow = async () => {
        await act.time.sleep(2);
        return ACK;
      };
      const first = await act.consume(await act.instance(), queue.source, { credit, handler: slow });
      await act.store(
        publisher,
        Array.from({ length: size }, (_, at) => queue.message({ key: `key ${at % 5}` })),
      );
      await act.time.elapse(drainAfter);
      await act.drain(first);
      const left = first.inFlight.length;
      assertThat(left === 0, () => `After a drain with enough time ${left} messages were still in flight.`);
      await act.consume(await act.instance(), queue.source, { credit, handler: slow });
      const tags = act.history.confirmed();
      await awaitDelivered(act, queue.group, tags);
      await act.time.quiet();
      const acked = act.history.deliveries.filter(({ settlement }) => settlement?.type === "ack");
      assertThat(
        acked.length === tags.length,
        () =>
          `${tags.length} messages were acknowledged ${acked.length} times: ${few(acked.map(({ tag }) => tag))}.`,
      );
      assertOneOwner(act.history.deliveries);
      for (const lane of [0, 1]) {
        const wanted = act.history.publishes
          .filter(({ message }) => message.lane === lane)
          .map(({ tag }) => tag);
        const got = acked.filter((received) => received.lane === lane).map(({ tag }) => tag);
        assertThat(
          got.join() === wanted.join(),
          () => `Lane ${lane} was handled in the order ${few(got)}; expected ${few(wanted)}.`,
        );
      }
    }),
};
