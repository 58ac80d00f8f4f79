import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { resend } from "../../kit/resend.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { watchStates } from "../../kit/observe/states.ts";
import type { Scenario } from "../../scenario.ts";

/** Some brokers tell a connection that they are blocked only when it publishes; what it published then may have to wait. */
export const blocked: Scenario = {
  name: "a blocked broker is reported as blocked, honestly about what it stored, and takes messages again afterwards",
  faults: ["block", "unblock"],
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const states = watchStates(stage, transport);
    await stage.fault("block")();
    const first = queue.message();
    const waiting = transport.publish([first]);
    await states.until("blocked");
    const second = queue.message();
    const [result] = await stage.publish(transport, [second]);
    claim(
      result?.ok === false && result.error.code === "blocked",
      () => `A blocked broker answered ${JSON.stringify(result)}.`,
    );
    await stage.fault("unblock")();
    await states.until("ready");
    const [late] = await stage.time.finish("a publish from before the block was told", waiting);
    await stage.consume(transport, queue.source);
    await stage.time.quiet();
    const seen = stage.history.seenBy(queue.group);
    for (const [message, answer] of [[first, late] as const, [second, result] as const])
      claim(
        answer?.ok === true || answer?.error.maybeStored === true || !seen.includes(message.id),
        () => `A message answered ${JSON.stringify(answer)} was delivered.`,
      );
    for (const message of [first, second]) await resend(stage, transport, message);
    await awaitSeen(stage, queue.group, [first.id, second.id]);
  },
};
