import type { Settlement } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

const DEAD: Settlement = { type: "dead-letter", headers: { "waybill-failure-code": "handler-failed" } };

export const drainDeadLetters: Scenario = {
  name: "a message that is dead-lettered while its subscription drains is stored as a dead letter and not delivered again",
  needs: ["deadLetters"],
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 6 }), async (act, running) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const first = await act.consume(transport, queue.source, { credit: running, handler: SETTLES_LATER });
      await act.store(
        transport,
        Array.from({ length: running }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.inFlight.length === running,
        () => `${first.inFlight.length} of ${running} messages were delivered.`,
      );
      const draining = first.drain(act.time.deadline());
      first.settleAll(DEAD);
      await act.time.finish("drain", draining);
      await act.scene(async (reading) => {
        const reader = await reading.instance();
        const deadLetters = await reading.consume(reader, queue.deadLetters);
        await reading.time.eventually(
          () => deadLetters.tags.length >= running,
          () =>
            `${deadLetters.tags.length} of ${running} messages that were dead-lettered while draining became dead letters.`,
        );
        const again = await reading.consume(reader, queue.source);
        await reading.time.quiet();
        assertThat(
          again.tags.length === 0,
          () => `${again.tags.length} dead-lettered messages were delivered again.`,
        );
      });
    }),
};
