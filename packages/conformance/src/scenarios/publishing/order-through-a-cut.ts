import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertOrder, awaitDelivered } from "../../kit/observe/invariants.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

const CUTS = fc.record({
  size: fc.integer({ min: 3, max: 15 }),
  cutBefore: fc.integer({ min: 1, max: 14 }),
});

/** The publisher waits for each result and resends a message that was not stored, as core does. */
export const orderThroughACut: Scenario = {
  name: "messages with one key keep their order through a lost connection and the resends after it",
  needs: ["order"],
  faults: ["cut", "restore"],
  run: (stage) =>
    forAll(stage, CUTS, async (act, { size, cutBefore }) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, member, { lanes: 2 });
      await act.consume(member, queue.source);
      const messages = Array.from({ length: size }, () => queue.message({ key: "same" }));
      for (const [at, message] of messages.entries()) {
        if (at === cutBefore % size) {
          await act.fault("cut")(publisher);
          await act.publish(publisher, [message]);
          await act.fault("restore")(publisher);
        }
        await resend(act, publisher, message);
      }
      const tags = messages.map(({ id }) => id);
      await awaitDelivered(act, queue.group, tags);
      assertOrder(act.history.deliveries, tags, "Messages of the key");
    }),
};
