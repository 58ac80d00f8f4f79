import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { claim, few } from "../../kit/observe/claim.ts";
import { HOLDS } from "../../kit/consumer.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ handled: fc.integer({ min: 0, max: 10 }), open: fc.integer({ min: 1, max: 10 }) });

export const crashGivesBack: Scenario = {
  name: "what a killed member had not settled comes to another one, what it had settled does not",
  faults: ["crash"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { handled, open }) => {
      const keeper = await act.instance();
      const victim = await act.instance();
      const queue = await makeQueue(act, keeper);
      const size = handled + open;
      const first = await act.consume(victim, queue.source, { credit: size, answer: HOLDS });
      await act.store(
        keeper,
        Array.from({ length: size }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.open.length === size,
        () => `${first.open.length} of ${size} came.`,
      );
      for (const handling of first.open.slice(0, handled)) handling.answer(ACK);
      await act.time.quiet();
      const unsettled = first.open.map(({ tag }) => tag);
      await act.fault("crash")(victim);
      const second = await act.consume(keeper, queue.source);
      await act.time.eventually(
        () => unsettled.every((tag) => second.tags.includes(tag)),
        () => `The victim held ${few(unsettled)}, the heir was handed ${few(second.tags)}.`,
      );
      await act.time.quiet();
      claim(
        second.tags.length === unsettled.length,
        () => `The victim held ${few(unsettled)}, the heir was handed ${few(second.tags)}.`,
      );
      await awaitSeen(act, queue.group, act.history.stored());
    }),
};
