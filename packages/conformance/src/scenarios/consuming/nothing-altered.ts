import fc from "fast-check";
import { BODY, HEADERS } from "../../kit/generate/arbitraries.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, sameBytes, sameHeaders } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const CONTENT = fc.record({
  body: BODY,
  headers: HEADERS,
  contentType: fc.constantFrom("application/json", "text/plain; charset=utf-8", "application/octet-stream"),
});

export const nothingAltered: Scenario = {
  name: "body, headers and content type arrive unchanged, whatever bytes and text they hold",
  run: (stage) =>
    forAll(stage, fc.array(CONTENT, { minLength: 1, maxLength: 12 }), async (act, contents) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher);
      const consumer = await act.consume(member, queue.source);
      // The transport gets copies, so that it cannot alter the originals that the scenario compares with.
      const sent = contents.map((content) => queue.message(content));
      await act.store(
        publisher,
        sent.map((message) => ({
          ...message,
          headers: { ...message.headers },
          body: Uint8Array.from(message.body),
        })),
      );
      await assertExactly(
        act,
        queue.group,
        sent.map(({ id }) => id),
      );
      for (const { tag, message } of consumer.deliveries) {
        const original = sent.find(({ id }) => id === tag);
        assertThat(original !== undefined, () => `${tag} was delivered although it was never published.`);
        assertThat(
          sameBytes(message.body, original.body),
          () => `A body of ${original.body.length} bytes arrived as ${String(message.body)}.`,
        );
        assertThat(
          sameHeaders(message.headers, original.headers),
          () =>
            `The headers ${JSON.stringify(original.headers)} arrived as ${JSON.stringify(message.headers)}.`,
        );
        assertThat(
          message.contentType === original.contentType,
          () => `The content type ${original.contentType} arrived as ${message.contentType}.`,
        );
      }
    }),
};
