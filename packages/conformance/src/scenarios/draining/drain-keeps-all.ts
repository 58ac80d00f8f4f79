import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { claim, few } from "../../kit/observe/claim.ts";
import { awaitSeen, claimOneOwner } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({
  size: fc.integer({ min: 5, max: 60 }),
  credit: fc.integer({ min: 1, max: 20 }),
  drainAfter: fc.integer({ min: 0, max: 5 }),
});

/** Handlers run while their member is drained with time enough; then another takes over. */
export const drainKeepsAll: Scenario = {
  name: "a drain with handlers running loses nothing, repeats nothing and reorders nothing",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { size, credit, drainAfter }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: 2 });
      const slow = async () => {
        await act.time.sleep(2);
        return ACK;
      };
      const first = await act.consume(await act.instance(), queue.source, { credit, answer: slow });
      await act.store(
        publisher,
        Array.from({ length: size }, (_, at) => queue.message({ key: `key ${at % 5}` })),
      );
      await act.time.elapse(drainAfter);
      await act.drain(first);
      const left = first.open.length;
      claim(left === 0, () => `After a drain with time enough ${left} deliveries were open.`);
      await act.consume(await act.instance(), queue.source, { credit, answer: slow });
      const tags = act.history.stored();
      await awaitSeen(act, queue.group, tags);
      await act.time.quiet();
      const acked = act.history.handlings.filter(({ settlement }) => settlement?.type === "ack");
      claim(
        acked.length === tags.length,
        () =>
          `${tags.length} messages were acknowledged ${acked.length} times: ${few(acked.map(({ tag }) => tag))}.`,
      );
      claimOneOwner(act.history.handlings);
      for (const lane of [0, 1]) {
        const wanted = act.history.sendings
          .filter(({ message }) => message.lane === lane)
          .map(({ tag }) => tag);
        const got = acked.filter((handling) => handling.lane === lane).map(({ tag }) => tag);
        claim(
          got.join() === wanted.join(),
          () => `Lane ${lane} was handled as ${few(got)}, not ${few(wanted)}.`,
        );
      }
    }),
};
