import fc from "fast-check";
import { claim, few } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { answerRequests, ANSWERS, makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

const CONCURRENT = 64;

const CASE = fc.record({
  requesters: fc.integer({ min: 2, max: 4 }),
  repliers: fc.integer({ min: 1, max: 3 }),
});

export const ownReplies: Scenario = {
  name: "of 64 concurrent requests from several instances each gets its own reply, once",
  needs: ["requests"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { requesters, repliers }) => {
      const keeper = await act.instance();
      const queue = await makeQueue(act, keeper);
      for (let replier = 0; replier < repliers; replier++)
        await answerRequests(act, await act.instance(), queue.source);
      const asking = await Promise.all(
        Array.from({ length: requesters }, async () => makeRequester(act, await act.instance())),
      );
      const asked = await Promise.all(
        asking.map((requester) =>
          Promise.all(Array.from({ length: Math.ceil(CONCURRENT / requesters) }, () => requester.ask(queue))),
        ),
      );
      for (const [at, { replies }] of asking.entries()) {
        const wanted = asked[at] ?? [];
        await act.time.eventually(
          () => replies.length >= wanted.length,
          () => `Of ${wanted.length} replies ${replies.length} came to instance ${at}.`,
        );
      }
      await act.time.quiet();
      for (const [at, { replies }] of asking.entries()) {
        const got = replies.map(({ headers }) => headers[ANSWERS] ?? "a reply to nothing").toSorted();
        const wanted = (asked[at] ?? []).toSorted();
        claim(got.join() === wanted.join(), () => `Instance ${at} asked ${few(wanted)} and got ${few(got)}.`);
      }
    }),
};
