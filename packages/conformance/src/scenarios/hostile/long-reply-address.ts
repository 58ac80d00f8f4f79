import { claim } from "../../kit/observe/claim.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { makeRequester, replyTo } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** How much longer than a genuine address. */
const LENGTHS = [256, 2_500, 5_000, 70_000];

/** An address that looks genuine and is too long for the broker's protocol would end the connection, again and again. */
export const longReplyAddress: Scenario = {
  name: "a reply address that is longer than any is refused for good, and the connection stays",
  needs: ["requests"],
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const consumer = await stage.consume(transport, queue.source);
    const requester = await makeRequester(stage, transport);
    const { address } = requester.inbox;
    const states: string[] = [];
    const stop = transport.onState(({ status }) => states.push(status));
    for (const length of LENGTHS)
      for (const hostile of [
        `${"a.".repeat(length / 2)}${address}`,
        `${"a".repeat(length)}${address}`,
        address.padEnd(length, "0"),
      ]) {
        const [result] = await stage.publish(transport, [replyTo(stage, hostile, "hostile")]);
        claim(
          result?.ok === false && ["unroutable", "rejected", "not-permitted"].includes(result.error.code),
          () =>
            `A reply to an address of ${hostile.length} characters was answered ${JSON.stringify(result)}.`,
        );
      }
    const message = queue.message();
    await stage.store(transport, [message, replyTo(stage, address, "genuine")]);
    await stage.time.eventually(
      () => requester.replies.length === 1 && consumer.tags.includes(message.id),
      () => "After long addresses a message or a genuine reply did not come.",
    );
    stop();
    claim(states.join() === "ready", () => `Long addresses made the transport go ${states.join()}.`);
  },
};
