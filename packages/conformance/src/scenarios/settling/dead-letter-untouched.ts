import fc from "fast-check";
import { BODY, HEADERS } from "../../kit/generate/arbitraries.ts";
import { claim, sameBytes, sameHeaders } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const LETTERS = fc.array(
  fc.record({ body: BODY, headers: HEADERS, failure: fc.string({ unit: "grapheme", maxLength: 60 }) }),
  { minLength: 1, maxLength: 8 },
);

export const deadLetterUntouched: Scenario = {
  name: "a dead letter is stored once, body and headers byte for byte, with the headers of its failure added",
  needs: ["deadLetters"],
  run: (stage) =>
    forAll(stage, LETTERS, async (act, letters) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const sent = letters.map(({ body, headers }) => queue.message({ body, headers }));
      const added = new Map(
        sent.map(({ id }, at) => [
          id,
          { "waybill-failure-code": "handler-failed", "waybill-failure-message": letters[at]?.failure ?? "" },
        ]),
      );
      await act.consume(transport, queue.source, {
        answer: ({ tag }) => ({ type: "dead-letter", headers: added.get(tag) ?? {} }),
      });
      await act.store(transport, sent);
      await claimExactly(act, queue.group, act.history.stored());
      await act.scene(async (reading) => {
        const reader = await reading.consume(await reading.instance(), queue.deadLetters);
        await claimExactly(
          reading,
          queue.group,
          sent.map(({ id }) => id),
        );
        for (const { tag, message } of reader.handlings) {
          const original = sent.find(({ id }) => id === tag) ?? message;
          const wanted = { ...original.headers, ...added.get(tag) };
          claim(
            sameBytes(message.body, original.body),
            () => `The body of dead letter ${tag} is ${String(message.body)}.`,
          );
          claim(
            sameHeaders(message.headers, wanted),
            () =>
              `Instead of ${JSON.stringify(wanted)} a dead letter has ${JSON.stringify(message.headers)}.`,
          );
          claim(message.id === original.id, () => `Dead letter ${original.id} is called ${message.id}.`);
        }
      });
    }),
};
