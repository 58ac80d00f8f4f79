import { assertThat } from "../../kit/observe/assert.ts";
import { makeRequester, replyTo } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

export const closedInbox: Scenario = {
  name: "a closed reply inbox receives nothing more, while another inbox of the same transport keeps receiving",
  needs: ["requests"],
  async run(stage) {
    const replier = await stage.instance();
    const transport = await stage.instance();
    const first = await makeRequester(stage, transport);
    const second = await makeRequester(stage, transport);
    assertThat(
      first.inbox.address !== second.inbox.address,
      () => `Two inboxes have the same address, ${first.inbox.address}.`,
    );
    await stage.publish(replier, [replyTo(stage, first.inbox.address, "early")]);
    await stage.time.eventually(
      () => first.replies.length === 1,
      () => "A reply to an open inbox was not delivered.",
    );
    await stage.time.finish("close of the inbox", first.inbox.close());
    await stage.publish(replier, [replyTo(stage, first.inbox.address, "late")]);
    await stage.publish(replier, [replyTo(stage, second.inbox.address, "other")]);
    await stage.time.eventually(
      () => second.replies.length === 1,
      () => "A reply to the other inbox was not delivered.",
    );
    await stage.time.quiet();
    assertThat(first.replies.length === 1, () => "A reply was delivered to a closed inbox.");
    assertThat(second.replies.length === 1, () => `One reply was delivered ${second.replies.length} times.`);
  },
};
