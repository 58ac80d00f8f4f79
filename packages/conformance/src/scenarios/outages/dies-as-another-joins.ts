import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { claim, few } from "../../kit/observe/claim.ts";
import { HOLDS } from "../../kit/consumer.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const LANES = 2;
/** From when the other has joined: the dying one has let go of no lane by then, of some, or is about to divide the group once more. */
const PAUSES = fc.record({ pauseMs: fc.integer({ min: 0, max: 800 }) });

/** The group is just being divided, and who divides it may be the one that dies: the other is a member all the same. */
export const diesAsAnotherJoins: Scenario = {
  name: "a member that dies as another joins takes nothing out of the hands of that one",
  needs: ["order"],
  faults: ["crash"],
  run: (stage) =>
    forAll(stage, PAUSES, async (act, { pauseMs }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: LANES });
      const dying = await act.instance();
      await act.consume(dying, queue.source, { credit: 8, answer: HOLDS });
      const other = await act.consume(await act.instance(), queue.source, { credit: 8, answer: HOLDS });
      await act.time.elapse(pauseMs);
      await act.fault("crash")(dying);
      await act.store(
        publisher,
        ["a", "b", "c", "d"].map((key) => queue.message({ key })),
      );
      const stored = act.history.stored();
      const seen = (): string => `Of ${few(stored)} the one that stays was handed ${few(other.tags)}.`;
      await act.time.eventually(() => stored.every((tag) => other.tags.includes(tag)), seen);
      other.answerAll(ACK);
      await act.time.quiet();
      claim(other.handlings.length === stored.length, seen);
    }),
};
