import fc from "fast-check";
import { HEADER, type Headers } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { spellings, writeHostile } from "../../kit/hostile.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** What counts deliveries and retries says nothing of a failure, and a replay drops it. */
const COUNTS: readonly string[] = [HEADER.attempt, HEADER.progress];
const OURS = Object.values(HEADER).filter((name) => !COUNTS.includes(name));

/** Which of our headers another program has written, in which spelling, and in which order. */
const FORGED = fc.array(
  fc.tuple(fc.constantFrom(...OURS.flatMap(spellings)), fc.constantFrom("queue:victim", "7", "-1", "forged")),
  { minLength: 3, maxLength: 20 },
);

const FAILURE: Headers = {
  [HEADER.failureCode]: "handler-failed",
  [HEADER.failureMessage]: "no such order",
  [HEADER.failureTime]: "2026-01-01T00:00:00.000Z",
  [HEADER.failureTries]: "1",
};

/** A letter is believed when it is replayed: what it says of its failure is the transport's word alone. */
export const forgedFailure: Scenario = {
  name: "a foreign message that says why it failed becomes a dead letter that says why it did",
  needs: ["deadLetters"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, FORGED, async (act, forged) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const told: Headers = {
        ...FAILURE,
        [HEADER.failureService]: queue.group,
        [HEADER.failureSource]: `queue:${queue.name}`,
      };
      await act.consume(transport, queue.source, {
        answer: () => ({ type: "dead-letter", headers: told }),
      });
      const tag = await writeHostile(act, queue, { headers: forged });
      const letters = await act.consume(transport, queue.deadLetters);
      await act.time.eventually(
        () => letters.tags.includes(tag ?? ""),
        () => "A foreign message with forged headers did not become a dead letter.",
      );
      const headers: Headers = letters.handlings[0]?.message.headers ?? {};
      for (const name of OURS)
        claim(
          headers[name] === told[name],
          () => `A letter says ${name}: ${headers[name]} instead of ${told[name]}.`,
        );
    }),
};
