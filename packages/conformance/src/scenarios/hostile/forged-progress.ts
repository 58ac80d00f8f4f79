import fc from "fast-check";
import { ACK, HEADER } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { claimCalm, claimInnocentServed, spellings, writeHostile } from "../../kit/hostile.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const NOTE = fc.constantFrom("0/0/0", "0/9999999/0", "9999/9999999/9", "-1/0/0", "x");

/** Every spelling, in the order in which the plain name comes first: an escaped one that is read later would win. */
const FORGED = fc
  .array(NOTE, { minLength: 4, maxLength: 4 })
  .map((notes) =>
    [...spellings(HEADER.progress), "Waybill-Progress"].map((name, at) => [name, notes[at] ?? ""] as const),
  );

/** A policy ends by what the last retry noted: where the writer's note comes back instead, a message is retried without end. */
export const forgedProgress: Scenario = {
  name: "a foreign message that says how far its retries are comes back with what its last retry said",
  needs: ["retryDelay"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, FORGED, async (act, forged) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const rounds = new Map<string, number>();
      const consumer = await act.consume(transport, queue.source, {
        answer: ({ tag, message }) => {
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
        () => `A foreign message was handed over ${rounds.get(tag) ?? 0} times instead of 3 times.`,
      );
      const said = consumer.handlings
        .filter((one) => one.tag === tag)
        .map(({ message }) => message.headers[HEADER.progress]);
      claim(
        said[1] === "1/1/0" && said[2] === "2/2/0",
        () => `Retries that said 1/1/0 and 2/2/0 came back with ${said[1]} and ${said[2]}.`,
      );
      await claimInnocentServed(act, { transport, queue, consumer });
      await claimCalm(act);
    }),
};
