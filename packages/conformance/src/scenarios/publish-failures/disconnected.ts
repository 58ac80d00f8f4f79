import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

export const disconnected: Scenario = {
  name: "a publish without a connection fails as disconnected with a truthful maybeStored, and succeeds when resent",
  faults: ["cut", "restore"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, member);
    const consumer = await stage.consume(member, queue.source);
    await stage.fault("cut")(publisher);
    const message = queue.message();
    const [result] = await stage.publish(publisher, [message]);
    assertThat(
      result?.ok === false && result.error.code === "disconnected",
      () => `Without a connection publish returned ${JSON.stringify(result)}.`,
    );
    await stage.time.quiet();
    assertThat(
      result.error.maybeStored || consumer.tags.length === 0,
      () => "A message was delivered although publish reported that it was certainly not stored.",
    );
    await stage.fault("restore")(publisher);
    await resend(stage, publisher, message);
    await awaitDelivered(stage, queue.group, [message.id]);
  },
};
