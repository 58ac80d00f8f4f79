import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { answerRequests, makeRequester, replyTo } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** A broker may not detect that the requester is gone: publish may return ok or a final refusal. */
export const requesterGone: Scenario = {
  name: "a reply to a closed requester is confirmed or refused for good, and other requesters still get their replies",
  needs: ["requests"],
  async run(stage) {
    const replier = await stage.instance();
    const queue = await makeQueue(stage, replier);
    await answerRequests(stage, replier, queue.source);
    const leaving = await stage.instance();
    const gone = await makeRequester(stage, leaving);
    const stays = await makeRequester(stage, await stage.instance());
    await stage.time.finish("close", leaving.close(stage.time.deadline()));
    const [result] = await stage.publish(replier, [replyTo(stage, gone.inbox.address, "anything")]);
    assertThat(
      result?.ok === true || ["unroutable", "rejected"].includes(result?.error.code ?? ""),
      () => `The reply to a closed requester returned ${JSON.stringify(result)}.`,
    );
    await stays.request(queue);
    await stage.time.eventually(
      () => stays.replies.length === 1,
      () => "After the reply to a closed requester, another requester got no reply.",
    );
    assertThat(gone.replies.length === 0, () => "A reply was delivered to a closed transport.");
  },
};
