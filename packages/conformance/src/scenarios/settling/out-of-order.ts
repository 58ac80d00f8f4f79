import fc from "fast-check";
import { ACK, RELEASE } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { claim, few } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** For each message of a lane, in the order of settling: where it stood, and whether it is acknowledged. */
const CASE = fc.array(fc.boolean(), { minLength: 2, maxLength: 15 }).chain((fates) =>
  fc.record({
    fates: fc.constant(fates),
    order: fc.shuffledSubarray([...fates.keys()], { minLength: fates.length }),
  }),
);

/** An acknowledgement above a hole must neither be forgotten nor take the hole with it. */
export const outOfOrder: Scenario = {
  name: "messages of a lane may be settled in any order, each for itself",
  needs: ["settleOutOfOrder", "order"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { fates, order }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: 1 });
      const sent = fates.map(() => queue.message({ key: "same" }));
      await act.store(publisher, sent);
      const first = await act.consume(await act.instance(), queue.source, { answer: HOLDS });
      await act.time.eventually(
        () => first.open.length === sent.length,
        () => `${first.open.length} of ${sent.length} came.`,
      );
      const held = first.open;
      first.credit(0);
      for (const at of order) {
        held[at]?.answer(fates[at] === true ? ACK : RELEASE);
        await act.time.settle();
      }
      await act.drain(first);
      const second = await act.consume(await act.instance(), queue.source);
      const left = sent.filter((_, at) => !fates[at]).map(({ id }) => id);
      await act.time.eventually(
        () => second.tags.length >= left.length,
        () => `Given back were ${few(left)}, found again ${few(second.tags)}.`,
      );
      await act.time.quiet();
      claim(
        second.tags.join() === left.join(),
        () => `Given back were ${few(left)}, found again ${few(second.tags)}.`,
      );
    }),
};
