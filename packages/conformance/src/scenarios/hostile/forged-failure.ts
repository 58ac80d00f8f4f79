import { HEADER, type Headers } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { spellings, writeHostile } from "../../kit/hostile.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** The headers that count deliveries and retries do not describe a failure, and a replay drops them. */
const COUNTS: readonly string[] = [HEADER.attempt, HEADER.progress];
const OURS = Object.values(HEADER).filter((name) => !COUNTS.includes(name));

/** Our headers that another program has written, with their spelling and values, in any order. */
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

/** A replay trusts the failure headers of a dead letter: only the transport may write them. */
export const forgedFailure: Scenario = {
  name: "forged failure headers of a foreign message are replaced by the real failure in its dead letter",
  needs: ["deadLetters"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, FORGED, async (act, forged) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const real: Headers = {
        ...FAILURE,
        [HEADER.failureService]: queue.group,
        [HEADER.failureSource]: `queue:${queue.name}`,
      };
      await act.consume(transport, queue.source, {
        handler: () => ({ type: "dead-letter", headers: real }),
      });
      const tag = await writeHostile(act, queue, { headers: forged });
      const deadLetters = await act.consume(transport, queue.deadLetters);
      await act.time.eventually(
        () => deadLetters.tags.includes(tag ?? ""),
        () => "A foreign message with forged failure headers did not become a dead letter.",
      );
      const headers: Headers = deadLetters.deliveries[0]?.message.headers ?? {};
      for (const name of OURS)
        assertThat(
          headers[name] === real[name],
          () => `The dead letter has ${name}: ${headers[name]}; expected ${real[name]}.`,
        );
    }),
};
