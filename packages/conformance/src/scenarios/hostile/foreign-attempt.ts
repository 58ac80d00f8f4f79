import { HEADER } from "@waybill/core/transport";
import { ownHeaders } from "@waybill/core/transport-kit";
import { claim, few } from "../../kit/observe/claim.ts";
import {
  asksOnceMore,
  claimHandled,
  claimInnocentServed,
  NUMBERS,
  shuffled,
  spellings,
  writeAll,
} from "../../kit/hostile.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** A policy counts by it: below 1 it would try without end, and far above it would not try at all. */
export const foreignAttempt: Scenario = {
  name: "a foreign message that says how often it was tried is counted from 1 on, one by one",
  needs: ["attempts"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, shuffled(NUMBERS), async (act, values) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, { answer: asksOnceMore(act.pace.delayMs) });
      const tags = await writeAll(
        act,
        queue,
        values.flatMap((value) =>
          spellings(HEADER.attempt).map((name) => ({ headers: [[name, value]] as const })),
        ),
      );
      await claimHandled(act, consumer, { tags, times: 2 });
      for (const tag of tags) {
        const attempts = consumer.handlings.filter((one) => one.tag === tag).map(({ attempt }) => attempt);
        const [first = 0, second = 0] = attempts;
        claim(
          Number.isSafeInteger(first) && first >= 1 && first <= ownHeaders.mostAttempts + 1,
          () => `A foreign message began with the attempt ${first}.`,
        );
        claim(second === first + 1, () => `The attempts of a foreign message were ${few(attempts)}.`);
      }
      await claimInnocentServed(act, { transport, queue, consumer });
    }),
};
