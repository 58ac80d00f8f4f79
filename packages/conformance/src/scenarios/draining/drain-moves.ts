import fc from "fast-check";
import type { Settlement } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const DEAD: Settlement = { type: "dead-letter", headers: { "waybill-failure-code": "handler-failed" } };

export const drainMoves: Scenario = {
  name: "a message whose handler gives it up while its subscription is drained becomes a dead letter, and does not come again",
  needs: ["deadLetters"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 6 }), async (act, running) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const first = await act.consume(transport, queue.source, { credit: running, answer: HOLDS });
      await act.store(
        transport,
        Array.from({ length: running }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.open.length === running,
        () => `${first.open.length} of ${running} came.`,
      );
      const draining = first.drain(act.time.deadline());
      first.answerAll(DEAD);
      await act.time.finish("drain", draining);
      await act.scene(async (reading) => {
        const reader = await reading.instance();
        const letters = await reading.consume(reader, queue.deadLetters);
        await reading.time.eventually(
          () => letters.tags.length >= running,
          () =>
            `Of ${running} messages that were given up while draining ${letters.tags.length} are dead letters.`,
        );
        const again = await reading.consume(reader, queue.source);
        await reading.time.quiet();
        claim(again.tags.length === 0, () => `${again.tags.length} of them came again.`);
      });
    }),
};
