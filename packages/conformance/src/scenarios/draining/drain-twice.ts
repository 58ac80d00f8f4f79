import { ACK } from "@waybill/core/transport";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

export const drainTwice: Scenario = {
  name: "drain can be called again, while it runs and after it has ended",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const consumer = await stage.consume(transport, queue.source, { handler: SETTLES_LATER });
    await stage.store(transport, [queue.message()]);
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    const both = Promise.all([consumer.drain(stage.time.deadline()), consumer.drain(stage.time.deadline())]);
    await stage.time.settle();
    consumer.settleAll(ACK);
    await stage.time.finish("the two drains", both);
    await stage.drain(consumer);
    const next = await stage.consume(transport, queue.source);
    await stage.time.quiet();
    assertThat(
      next.tags.length === 0,
      () => "A message that was acknowledged while draining was delivered again.",
    );
  },
};
