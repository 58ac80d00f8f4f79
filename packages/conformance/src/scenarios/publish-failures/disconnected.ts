import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { resend } from "../../kit/resend.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

export const disconnected: Scenario = {
  name: "a publish without a connection is reported as disconnected, never as stored, and can be sent again",
  faults: ["cut", "restore"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, member);
    const consumer = await stage.consume(member, queue.source);
    await stage.fault("cut")(publisher);
    const message = queue.message();
    const [result] = await stage.publish(publisher, [message]);
    claim(
      result?.ok === false && result.error.code === "disconnected",
      () => `Without a connection publish answered ${JSON.stringify(result)}.`,
    );
    await stage.time.quiet();
    claim(
      result.error.maybeStored || consumer.tags.length === 0,
      () => "A message reported as certainly not stored was delivered.",
    );
    await stage.fault("restore")(publisher);
    await resend(stage, publisher, message);
    await awaitSeen(stage, queue.group, [message.id]);
  },
};
