import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { awaitDepth } from "../../kit/observe/await-depth.ts";
import { HOLDS } from "../../kit/consumer.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ size: fc.integer({ min: 1, max: 30 }), taken: fc.integer({ min: 1, max: 10 }) });

export const depth: Scenario = {
  name: "depth counts what waits and what is unsettled, and comes to nothing when all is handled",
  run: (stage) =>
    forAll(stage, CASE, async (act, { size, taken }) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const held = Math.min(taken, size);
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
      const consumer = await act.consume(transport, queue.source, { credit: held, answer: HOLDS });
      await act.time.eventually(
        () => consumer.open.length === held,
        () => `${consumer.open.length} of ${held} came.`,
      );
      await awaitDepth(act, transport, {
        source: queue.source,
        ready: size - held,
        unsettled: held,
        isConsumed: true,
      });
      consumer.answer = () => ACK;
      consumer.answerAll(ACK);
      await awaitDepth(act, transport, { source: queue.source, ready: 0, unsettled: 0 });
    }),
};
