import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ handled: fc.integer({ min: 0, max: 10 }), left: fc.integer({ min: 1, max: 10 }) });

export const crashGivesBack: Scenario = {
  name: "after a member is killed, another member gets exactly the messages that were not settled",
  faults: ["crash"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { handled, left }) => {
      const remaining = await act.instance();
      const victim = await act.instance();
      const queue = await makeQueue(act, remaining);
      const size = handled + left;
      const first = await act.consume(victim, queue.source, { credit: size, handler: SETTLES_LATER });
      await act.store(
        remaining,
        Array.from({ length: size }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.inFlight.length === size,
        () => `${first.inFlight.length} of ${size} messages were delivered.`,
      );
      for (const received of first.inFlight.slice(0, handled)) received.settle(ACK);
      await act.time.quiet();
      const unsettled = first.inFlight.map(({ tag }) => tag);
      await act.fault("crash")(victim);
      const second = await act.consume(remaining, queue.source);
      await act.time.eventually(
        () => unsettled.every((tag) => second.tags.includes(tag)),
        () =>
          `Unsettled at the crash: ${few(unsettled)}. Delivered to the other member: ${few(second.tags)}.`,
      );
      await act.time.quiet();
      assertThat(
        second.tags.length === unsettled.length,
        () =>
          `Unsettled at the crash: ${few(unsettled)}. Delivered to the other member: ${few(second.tags)}.`,
      );
      await awaitDelivered(act, queue.group, act.history.confirmed());
    }),
};
