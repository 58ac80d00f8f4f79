import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { answerRequests, IN_REPLY_TO, makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** Several new instances send a request as soon as their inbox is open. */
export const firstRequest: Scenario = {
  name: "a request sent right after openReplyInbox has resolved is answered",
  needs: ["requests"],
  async run(stage) {
    const replier = await stage.instance();
    const queue = await makeQueue(stage, replier);
    await answerRequests(stage, replier, queue.source);
    for (let round = 0; round < 3; round++) {
      const requester = await makeRequester(stage, await stage.instance());
      const asked = await requester.request(queue);
      await stage.time.eventually(
        () => requester.replies.length > 0,
        () => `The first request of instance ${round} got no reply.`,
      );
      const answered = requester.replies[0]?.headers[IN_REPLY_TO];
      assertThat(
        answered === asked,
        () => `Instance ${round} sent the request ${asked} and got the reply to ${answered}.`,
      );
    }
  },
};
