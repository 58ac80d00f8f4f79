import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { awaitDepth } from "../../kit/observe/await-depth.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ size: fc.integer({ min: 1, max: 30 }), taken: fc.integer({ min: 1, max: 10 }) });

export const depth: Scenario = {
  name: "depth reports waiting and unsettled messages, and zero once all are settled",
  run: (stage) =>
    forAll(stage, CASE, async (act, { size, taken }) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const inFlight = Math.min(taken, size);
      await act.store(
        transport,
        Array.from({ length: size }, () => queue.message()),
      );
      await awaitDepth(act, transport, {
        source: queue.source,
        ready: size,
        unsettled: 0,
        isConsumed: false,
      });
      const consumer = await act.consume(transport, queue.source, {
        credit: inFlight,
        handler: SETTLES_LATER,
      });
      await act.time.eventually(
        () => consumer.inFlight.length === inFlight,
        () => `${consumer.inFlight.length} of ${inFlight} messages were delivered.`,
      );
      await awaitDepth(act, transport, {
        source: queue.source,
        ready: size - inFlight,
        unsettled: inFlight,
        isConsumed: true,
      });
      consumer.handler = () => ACK;
      consumer.settleAll(ACK);
      await awaitDepth(act, transport, { source: queue.source, ready: 0, unsettled: 0 });
    }),
};
