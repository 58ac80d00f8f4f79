import fc from "fast-check";
import { BODY, HEADERS } from "../../kit/generate/arbitraries.ts";
import { claim, sameBytes, sameHeaders } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { plainMessage } from "../../kit/generate/messages.ts";
import { makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

export const replyUntouched: Scenario = {
  name: "body, headers and content type of a reply arrive as they were sent",
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
        () => "The reply did not come.",
      );
      const reply = requester.replies[0];
      claim(
        reply !== undefined && sameBytes(reply.body, body),
        () => `The body of a reply arrived as ${String(reply?.body)}.`,
      );
      claim(
        sameHeaders(reply.headers, headers),
        () => `${JSON.stringify(headers)} arrived as ${JSON.stringify(reply.headers)}.`,
      );
      claim(reply.contentType === contentType, () => `The content type arrived as ${reply.contentType}.`);
    }),
};
