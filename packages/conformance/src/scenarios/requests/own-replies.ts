import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { answerRequests, IN_REPLY_TO, makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

const CONCURRENT = 64;

const CASE = fc.record({
  requesters: fc.integer({ min: 2, max: 4 }),
  repliers: fc.integer({ min: 1, max: 3 }),
});

export const ownReplies: Scenario = {
  name: "each of 64 concurrent requests from several instances gets its own reply, once",
  needs: ["requests"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { requesters, repliers }) => {
      const owner = await act.instance();
      const queue = await makeQueue(act, owner);
      for (let replier = 0; replier < repliers; replier++)
        await answerRequests(act, await act.instance(), queue.source);
      const asking = await Promise.all(
        Array.from({ length: requesters }, async () => makeRequester(act, await act.instance())),
      );
      const asked = await Promise.all(
        asking.map((requester) =>
          Promise.all(
            Array.from({ length: Math.ceil(CONCURRENT / requesters) }, () => requester.request(queue)),
          ),
        ),
      );
      for (const [at, { replies }] of asking.entries()) {
        const wanted = asked[at] ?? [];
        await act.time.eventually(
          () => replies.length >= wanted.length,
          () => `Instance ${at} got ${replies.length} of ${wanted.length} replies.`,
        );
      }
      await act.time.quiet();
      for (const [at, { replies }] of asking.entries()) {
        const got = replies.map(({ headers }) => headers[IN_REPLY_TO] ?? "an unknown request").toSorted();
        const wanted = (asked[at] ?? []).toSorted();
        assertThat(
          got.join() === wanted.join(),
          () => `Instance ${at} sent the requests ${few(wanted)} and got replies to ${few(got)}.`,
        );
      }
    }),
};
