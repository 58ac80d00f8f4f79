import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

export const drainWaits: Scenario = {
  name: "drain takes nothing new, waits for the handlers that run, and their answers count",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 8 }), async (act, running) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const first = await act.consume(transport, queue.source, { credit: running, answer: HOLDS });
      await act.store(
        transport,
        Array.from({ length: running + 5 }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.open.length === running,
        () => `${first.open.length} of ${running} came.`,
      );
      let isDrained = false;
      const draining = first.drain(act.time.deadline()).then(() => (isDrained = true));
      await act.time.elapse(act.pace.delayMs);
      claim(!isDrained, () => `Drain ended with ${first.open.length} handlers running and time left.`);
      first.answerAll(ACK);
      await act.time.finish("drain", draining);
      claim(first.tags.length === running, () => `${first.tags.length - running} came while draining.`);
      const second = await act.consume(await act.instance(), queue.source);
      await act.time.eventually(
        () => second.tags.length >= 5,
        () => `Of the 5 that waited ${second.tags.length} came to the next member.`,
      );
      await act.time.quiet();
      const again = second.tags.filter((tag) => first.tags.includes(tag));
      claim(again.length === 0, () => `${again.length} that were acknowledged while draining came again.`);
    }),
};
