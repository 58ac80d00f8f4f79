import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { watchStates } from "../../kit/observe/states.ts";
import { resend } from "../../kit/resend.ts";
import type { Scenario } from "../../scenario.ts";

/** Some brokers tell a connection that they are blocked only when it publishes; that first publish may stay pending. */
export const blocked: Scenario = {
  name: "a publish to a blocked broker fails as blocked with a truthful maybeStored, and succeeds once the broker is unblocked",
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
    assertThat(
      result?.ok === false && result.error.code === "blocked",
      () => `A publish to a blocked broker returned ${JSON.stringify(result)}.`,
    );
    await stage.fault("unblock")();
    await states.until("ready");
    const [late] = await stage.time.finish(
      "the publish that was sent before the block was reported",
      waiting,
    );
    await stage.consume(transport, queue.source);
    await stage.time.quiet();
    const seen = stage.history.deliveredTo(queue.group);
    for (const [message, returned] of [[first, late] as const, [second, result] as const])
      assertThat(
        returned?.ok === true || returned?.error.maybeStored === true || !seen.includes(message.id),
        () => `A message was delivered although publish returned ${JSON.stringify(returned)}.`,
      );
    for (const message of [first, second]) await resend(stage, transport, message);
    await awaitDelivered(stage, queue.group, [first.id, second.id]);
  },
};
