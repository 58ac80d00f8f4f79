import fc from "fast-check";
import { BODY, HEADERS } from "../../kit/generate/arbitraries.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { plainMessage } from "../../kit/generate/messages.ts";
import { assertThat, sameBytes, sameHeaders } from "../../kit/observe/assert.ts";
import { makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

export const replyUntouched: Scenario = {
  name: "body, headers and content type of a reply arrive unchanged",
  needs: ["requests"],
  run: (stage) =>
    forAll(stage, fc.record({ body: BODY, headers: HEADERS }), async (act, { body, headers }) => {
      const replier = await act.instance();
      const requester = await makeRequester(act, await act.instance());
      const to = { kind: "reply", address: requester.inbox.address } as const;
      const contentType = "application/cloudevents+json";
      await act.store(replier, [plainMessage({ id: act.names.id(), to, body, headers, contentType })]);
      await act.time.eventually(
        () => requester.replies.length > 0,
        () => "The reply was not delivered.",
      );
      const reply = requester.replies[0];
      assertThat(
        reply !== undefined && sameBytes(reply.body, body),
        () => `The body ${String(body)} of a reply arrived as ${String(reply?.body)}.`,
      );
      assertThat(
        sameHeaders(reply.headers, headers),
        () => `The headers ${JSON.stringify(headers)} arrived as ${JSON.stringify(reply.headers)}.`,
      );
      assertThat(
        reply.contentType === contentType,
        () => `The content type ${contentType} arrived as ${reply.contentType}.`,
      );
    }),
};
