import { claim } from "../../kit/claim.ts";
import { awaitSeen } from "../../kit/invariants.ts";
import { resend } from "../../kit/resend.ts";
import { makeQueue } from "../../kit/places.ts";
import type { Scenario } from "../../scenario.ts";

export const blocked: Scenario = {
  name: "a blocked broker is reported as blocked, honestly about what it stored, and takes messages again afterwards",
  faults: ["block", "unblock"],
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const statuses: string[] = [];
    const stop = transport.onState(({ status }) => statuses.push(status));
    await stage.fault("block")();
    // Some brokers tell a connection that they are blocked only when it publishes.
    const message = queue.message();
    const [result] = await stage.publish(transport, [message]);
    claim(
      result?.ok === false && result.error.code === "blocked",
      () => `A blocked broker answered ${JSON.stringify(result)}.`,
    );
    await stage.time.eventually(
      () => statuses.at(-1) === "blocked",
      () => `The broker is blocked, the transport went ${statuses.join()}.`,
    );
    await stage.fault("unblock")();
    await stage.time.eventually(
      () => statuses.at(-1) === "ready",
      () => `The broker is unblocked, the transport went ${statuses.join()}.`,
    );
    stop();
    await stage.consume(transport, queue.source);
    await stage.time.quiet();
    const isThere = stage.history.seenBy(queue.group).includes(message.id);
    claim(
      result.error.maybeStored || !isThere,
      () => "A message reported as certainly not stored was delivered.",
    );
    await resend(stage, transport, message);
    await awaitSeen(stage, queue.group, [message.id]);
  },
};
