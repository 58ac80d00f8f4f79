import { ACK, HEADER } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertNoLoop, assertOrdinaryDelivered, spellings, writeHostile } from "../../kit/hostile.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

const PROGRESS = fc.constantFrom("0/0/0", "0/9999999/0", "9999/9999999/9", "-1/0/0", "x");

/** Every spelling, the plain name first: a transport that reads a later, escaped one would take its value. */
const FORGED = fc
  .array(PROGRESS, { minLength: 4, maxLength: 4 })
  .map((values) =>
    [...spellings(HEADER.progress), "Waybill-Progress"].map((name, at) => [name, values[at] ?? ""] as const),
  );

/**
 * Core decides by the progress in the last retry whether to retry again: with a forged progress the retries would
 * never end.
 */
export const forgedProgress: Scenario = {
  name: "forged retry progress of a foreign message is replaced by the progress that its last retry noted",
  needs: ["retryDelay"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, FORGED, async (act, forged) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const rounds = new Map<string, number>();
      const consumer = await act.consume(transport, queue.source, {
        handler: ({ tag, message }) => {
          const round = (rounds.get(tag) ?? 0) + 1;
          rounds.set(tag, round);
          if (!("hostile" in message.headers) || round > 2) return ACK;
          return {
            type: "retry",
            delayMs: act.pace.delayMs,
            headers: { [HEADER.progress]: `${round}/${round}/0` },
          };
        },
      });
      const tag = (await writeHostile(act, queue, { headers: [...forged, ["hostile", "yes"]] })) ?? "";
      await act.time.eventually(
        () => (rounds.get(tag) ?? 0) === 3,
        () => `A foreign message was delivered ${rounds.get(tag) ?? 0} times; expected 3 times.`,
      );
      const reported = consumer.deliveries
        .filter((one) => one.tag === tag)
        .map(({ message }) => message.headers[HEADER.progress]);
      assertThat(
        reported[1] === "1/1/0" && reported[2] === "2/2/0",
        () =>
          `Retries with the progress 1/1/0 and 2/2/0 were delivered with the progress ${reported[1]} and ${reported[2]}.`,
      );
      await assertOrdinaryDelivered(act, { transport, queue, consumer });
      await assertNoLoop(act);
    }),
};
