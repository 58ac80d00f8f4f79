import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

export const drainWaits: Scenario = {
  name: "drain accepts no new messages, waits for running handlers, and their settlements count",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 8 }), async (act, running) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const first = await act.consume(transport, queue.source, { credit: running, handler: SETTLES_LATER });
      await act.store(
        transport,
        Array.from({ length: running + 5 }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.inFlight.length === running,
        () => `${first.inFlight.length} of ${running} messages were delivered.`,
      );
      let isDrained = false;
      const draining = first.drain(act.time.deadline()).then(() => (isDrained = true));
      await act.time.elapse(act.pace.delayMs);
      assertThat(
        !isDrained,
        () => `The drain ended before its deadline with ${first.inFlight.length} handlers running.`,
      );
      first.settleAll(ACK);
      await act.time.finish("drain", draining);
      assertThat(
        first.tags.length === running,
        () => `${first.tags.length - running} messages were delivered while draining.`,
      );
      const second = await act.consume(await act.instance(), queue.source);
      await act.time.eventually(
        () => second.tags.length >= 5,
        () => `${second.tags.length} of the 5 waiting messages were delivered to the next member.`,
      );
      await act.time.quiet();
      const again = second.tags.filter((tag) => first.tags.includes(tag));
      assertThat(
        again.length === 0,
        () => `${again.length} messages that were acknowledged while draining were delivered again.`,
      );
    }),
};
