import { claim } from "../../kit/observe/claim.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { answerRequests, ANSWERS, makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** Several fresh instances, each asking in the moment its inbox is open. */
export const firstRequest: Scenario = {
  name: "a request sent right after openReplyInbox is answered",
  needs: ["requests"],
  async run(stage) {
    const replier = await stage.instance();
    const queue = await makeQueue(stage, replier);
    await answerRequests(stage, replier, queue.source);
    for (let round = 0; round < 3; round++) {
      const requester = await makeRequester(stage, await stage.instance());
      const asked = await requester.ask(queue);
      await stage.time.eventually(
        () => requester.replies.length > 0,
        () => `The first request of instance ${round} was not answered.`,
      );
      const answered = requester.replies[0]?.headers[ANSWERS];
      claim(answered === asked, () => `Instance ${round} asked ${asked} and got the answer to ${answered}.`);
    }
  },
};
