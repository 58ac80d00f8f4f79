import fc from "fast-check";
import { BODY, HEADERS } from "../../kit/generate/arbitraries.ts";
import { claim, sameBytes, sameHeaders } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CONTENT = fc.record({
  body: BODY,
  headers: HEADERS,
  contentType: fc.constantFrom("application/json", "text/plain; charset=utf-8", "application/octet-stream"),
});

export const nothingAltered: Scenario = {
  name: "body, headers and content type arrive as they were published: any bytes, any text",
  run: (stage) =>
    forAll(stage, fc.array(CONTENT, { minLength: 1, maxLength: 12 }), async (act, contents) => {
      const publisher = await act.instance();
      const member = await act.instance();
      const queue = await makeQueue(act, publisher);
      const consumer = await act.consume(member, queue.source);
      // The transport gets copies: what it alters, it cannot alter in what the claim compares with.
      const sent = contents.map((content) => queue.message(content));
      await act.store(
        publisher,
        sent.map((message) => ({
          ...message,
          headers: { ...message.headers },
          body: Uint8Array.from(message.body),
        })),
      );
      await claimExactly(
        act,
        queue.group,
        sent.map(({ id }) => id),
      );
      for (const { tag, message } of consumer.handlings) {
        const original = sent.find(({ id }) => id === tag);
        claim(original !== undefined, () => `${tag} was never published.`);
        claim(
          sameBytes(message.body, original.body),
          () => `The body of ${original.body.length} bytes arrived as ${String(message.body)}.`,
        );
        claim(
          sameHeaders(message.headers, original.headers),
          () => `${JSON.stringify(original.headers)} arrived as ${JSON.stringify(message.headers)}.`,
        );
        claim(
          message.contentType === original.contentType,
          () => `The content type ${original.contentType} arrived as ${message.contentType}.`,
        );
      }
    }),
};
