import { claim } from "../../kit/observe/claim.ts";
import { makeRequester, replyTo } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

export const closedInbox: Scenario = {
  name: "a closed inbox hears nothing more, another inbox of the same transport goes on",
  needs: ["requests"],
  async run(stage) {
    const replier = await stage.instance();
    const transport = await stage.instance();
    const first = await makeRequester(stage, transport);
    const second = await makeRequester(stage, transport);
    claim(
      first.inbox.address !== second.inbox.address,
      () => `Two inboxes have one address, ${first.inbox.address}.`,
    );
    await stage.publish(replier, [replyTo(stage, first.inbox.address, "early")]);
    await stage.time.eventually(
      () => first.replies.length === 1,
      () => "A reply to an open inbox did not come.",
    );
    await stage.time.finish("close of the inbox", first.inbox.close());
    await stage.publish(replier, [replyTo(stage, first.inbox.address, "late")]);
    await stage.publish(replier, [replyTo(stage, second.inbox.address, "other")]);
    await stage.time.eventually(
      () => second.replies.length === 1,
      () => "A reply to the other inbox did not come.",
    );
    await stage.time.quiet();
    claim(first.replies.length === 1, () => "A closed inbox was handed a reply.");
    claim(second.replies.length === 1, () => `One reply came ${second.replies.length} times.`);
  },
};
