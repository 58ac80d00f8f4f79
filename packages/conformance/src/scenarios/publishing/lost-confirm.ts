import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

export const lostConfirm: Scenario = {
  name: "a stored message whose confirmation is lost is reported as maybe stored",
  faults: ["loseConfirm", "restore"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, member);
    await stage.consume(member, queue.source);
    await stage.fault("loseConfirm")(publisher);
    const message = queue.message();
    const [result] = await stage.publish(publisher, [message]);
    assertThat(
      result?.ok === false && result.error.code === "disconnected" && result.error.maybeStored,
      () => `With a lost confirmation publish returned ${JSON.stringify(result)}.`,
    );
    await awaitDelivered(stage, queue.group, [message.id]);
    await stage.fault("restore")(publisher);
    await resend(stage, publisher, message);
  },
};
