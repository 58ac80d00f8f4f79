import { ACK } from "@waybill/core/transport";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** A second member waits, ready to receive the message if the first one loses it. */
export const keepsLease: Scenario = {
  name: "a message stays with a handler that takes very long, and its late acknowledgement counts",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const slow = await stage.consume(transport, queue.source, { credit: 1, handler: SETTLES_LATER });
    await stage.store(transport, [queue.message()]);
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    const other = await stage.consume(await stage.instance(), queue.source);
    await stage.time.elapse(stage.pace.leaseMs);
    assertThat(slow.inFlight.length === 1, () => "The message was revoked while its handler ran.");
    assertThat(
      other.tags.length === 0,
      () => "The message was delivered to another member while its handler ran.",
    );
    slow.settleAll(ACK);
    await stage.time.elapse(stage.pace.leaseMs);
    const times = slow.tags.length + other.tags.length;
    assertThat(times === 1, () => `A message acknowledged late was delivered ${times} times.`);
  },
};
