import { ACK, RELEASE } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** Whether each message of a lane is acknowledged, and the order in which the messages are settled. */
const CASE = fc.array(fc.boolean(), { minLength: 2, maxLength: 15 }).chain((fates) =>
  fc.record({
    fates: fc.constant(fates),
    order: fc.shuffledSubarray([...fates.keys()], { minLength: fates.length }),
  }),
);

/** The acknowledgement of a later message must neither be lost nor acknowledge the messages before it. */
export const outOfOrder: Scenario = {
  name: "messages of a lane can be settled in any order, each independently",
  needs: ["settleOutOfOrder", "order"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { fates, order }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: 1 });
      const sent = fates.map(() => queue.message({ key: "same" }));
      await act.store(publisher, sent);
      const first = await act.consume(await act.instance(), queue.source, { handler: SETTLES_LATER });
      await act.time.eventually(
        () => first.inFlight.length === sent.length,
        () => `${first.inFlight.length} of ${sent.length} messages were delivered.`,
      );
      const inFlight = first.inFlight;
      first.credit(0);
      for (const at of order) {
        inFlight[at]?.settle(fates[at] === true ? ACK : RELEASE);
        await act.time.settle();
      }
      await act.drain(first);
      const second = await act.consume(await act.instance(), queue.source);
      const left = sent.filter((_, at) => !fates[at]).map(({ id }) => id);
      await act.time.eventually(
        () => second.tags.length >= left.length,
        () => `Released: ${few(left)}. Delivered again: ${few(second.tags)}.`,
      );
      await act.time.quiet();
      assertThat(
        second.tags.join() === left.join(),
        () => `Released: ${few(left)}. Delivered again: ${few(second.tags)}.`,
      );
    }),
};
