import fc from "fast-check";
import { BODY, HEADERS } from "../../kit/generate/arbitraries.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, sameBytes, sameHeaders } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const LETTERS = fc.array(
  fc.record({ body: BODY, headers: HEADERS, failure: fc.string({ unit: "grapheme", maxLength: 60 }) }),
  { minLength: 1, maxLength: 8 },
);

export const deadLetterUntouched: Scenario = {
  name: "a dead letter is stored once, with unchanged body and headers plus the headers of its failure",
  needs: ["deadLetters"],
  run: (stage) =>
    forAll(stage, LETTERS, async (act, deadLetters) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const sent = deadLetters.map(({ body, headers }) => queue.message({ body, headers }));
      const added = new Map(
        sent.map(({ id }, at) => [
          id,
          {
            "waybill-failure-code": "handler-failed",
            "waybill-failure-message": deadLetters[at]?.failure ?? "",
          },
        ]),
      );
      await act.consume(transport, queue.source, {
        handler: ({ tag }) => ({ type: "dead-letter", headers: added.get(tag) ?? {} }),
      });
      await act.store(transport, sent);
      await assertExactly(act, queue.group, act.history.confirmed());
      await act.scene(async (reading) => {
        const reader = await reading.consume(await reading.instance(), queue.deadLetters);
        await assertExactly(
          reading,
          queue.group,
          sent.map(({ id }) => id),
        );
        for (const { tag, message } of reader.deliveries) {
          const original = sent.find(({ id }) => id === tag) ?? message;
          const wanted = { ...original.headers, ...added.get(tag) };
          assertThat(
            sameBytes(message.body, original.body),
            () => `The body of dead letter ${tag} is ${String(message.body)}.`,
          );
          assertThat(
            sameHeaders(message.headers, wanted),
            () =>
              `A dead letter has the headers ${JSON.stringify(message.headers)}; expected ${JSON.stringify(wanted)}.`,
          );
          assertThat(
            message.id === original.id,
            () => `The dead letter of message ${original.id} has the id ${message.id}.`,
          );
        }
      });
    }),
};
