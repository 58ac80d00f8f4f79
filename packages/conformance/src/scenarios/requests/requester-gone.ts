import { claim } from "../../kit/observe/claim.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { answerRequests, makeRequester, replyTo } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** Whether the broker notices is its business: the answer may be ok or a final refusal. */
export const requesterGone: Scenario = {
  name: "a reply to someone gone is answered, not retried for ever, and harms nobody",
  needs: ["requests"],
  async run(stage) {
    const replier = await stage.instance();
    const queue = await makeQueue(stage, replier);
    await answerRequests(stage, replier, queue.source);
    const leaver = await stage.instance();
    const gone = await makeRequester(stage, leaver);
    const stays = await makeRequester(stage, await stage.instance());
    await stage.time.finish("close", leaver.close(stage.time.deadline()));
    const [result] = await stage.publish(replier, [replyTo(stage, gone.inbox.address, "anything")]);
    claim(
      result?.ok === true || ["unroutable", "rejected"].includes(result?.error.code ?? ""),
      () => `A reply to someone gone was answered ${JSON.stringify(result)}.`,
    );
    await stays.ask(queue);
    await stage.time.eventually(
      () => stays.replies.length === 1,
      () => "After a reply to someone gone, another requester got no reply.",
    );
    claim(gone.replies.length === 0, () => "A closed transport was handed a reply.");
  },
};
