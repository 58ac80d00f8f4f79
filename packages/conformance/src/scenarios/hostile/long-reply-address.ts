import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { makeRequester, replyTo } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** The number of characters added to a genuine address, or its padded length. */
const LENGTHS = [256, 2_500, 5_000, 70_000];

/** A genuine-looking address that is too long for the broker's protocol could end the connection at every retry. */
export const longReplyAddress: Scenario = {
  name: "a reply to an overlong address is refused for good, and the connection stays open",
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
        assertThat(
          result?.ok === false && ["unroutable", "rejected", "not-permitted"].includes(result.error.code),
          () => `A reply to an address of ${hostile.length} characters returned ${JSON.stringify(result)}.`,
        );
      }
    const message = queue.message();
    await stage.store(transport, [message, replyTo(stage, address, "genuine")]);
    await stage.time.eventually(
      () => requester.replies.length === 1 && consumer.tags.includes(message.id),
      () => "After replies to overlong addresses, a message or a genuine reply was not delivered.",
    );
    stop();
    assertThat(
      states.join() === "ready",
      () => `After replies to overlong addresses the states are ${states.join()}; expected ready.`,
    );
  },
};
