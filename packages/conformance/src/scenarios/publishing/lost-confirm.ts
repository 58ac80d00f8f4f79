import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

export const lostConfirm: Scenario = {
  name: "a message that is stored but not confirmed is reported as maybe stored",
  faults: ["loseConfirm", "restore"],
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, member);
    await stage.consume(member, queue.source);
    await stage.fault("loseConfirm")(publisher);
    const message = queue.message();
    const [result] = await stage.publish(publisher, [message]);
    claim(
      result?.ok === false && result.error.code === "disconnected" && result.error.maybeStored,
      () => `A lost confirmation was answered ${JSON.stringify(result)}.`,
    );
    await awaitSeen(stage, queue.group, [message.id]);
    await stage.fault("restore")(publisher);
    await resend(stage, publisher, message);
  },
};
