import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ unsettled: fc.integer({ min: 1, max: 8 }), later: fc.integer({ min: 1, max: 8 }) });

export const cutResumes: Scenario = {
  name: "a lost connection aborts the signals of unsettled deliveries, and the subscription resumes by itself without loss",
  faults: ["cut", "restore"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { unsettled, later }) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher);
      const consumer = await act.consume(member, queue.source, { handler: SETTLES_LATER });
      const publish = (size: number) =>
        act.store(
          publisher,
          Array.from({ length: size }, () => queue.message()),
        );
      await publish(unsettled);
      await awaitDelivered(act, queue.group, act.history.confirmed());
      await act.fault("cut")(member);
      await act.time.eventually(
        () => consumer.deliveries.every(({ delivery }) => delivery.signal.aborted),
        () => "The connection is lost, but the signals of unsettled deliveries have not aborted.",
      );
      await publish(later);
      consumer.handler = () => ACK;
      await act.fault("restore")(member);
      await act.time.eventually(
        () => new Set(acked(consumer.deliveries)).size === unsettled + later,
        () =>
          `${acked(consumer.deliveries).length} of ${unsettled + later} messages were handled after the cut.`,
      );
      await act.time.quiet();
      const times = acked(consumer.deliveries).length;
      assertThat(
        times === unsettled + later,
        () => `${unsettled + later} messages were handled ${times} times in all.`,
      );
    }),
};

function acked(
  deliveries: readonly { readonly tag: string; readonly settlement: unknown }[],
): readonly string[] {
  return deliveries.filter(({ settlement }) => settlement === ACK).map(({ tag }) => tag);
}
