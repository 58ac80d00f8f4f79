import { ACK } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

export const drainTwice: Scenario = {
  name: "drain may be called twice, while it runs and when it is over",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const consumer = await stage.consume(transport, queue.source, { answer: HOLDS });
    await stage.store(transport, [queue.message()]);
    await awaitSeen(stage, queue.group, stage.history.stored());
    const both = Promise.all([consumer.drain(stage.time.deadline()), consumer.drain(stage.time.deadline())]);
    await stage.time.settle();
    consumer.answerAll(ACK);
    await stage.time.finish("the two drains", both);
    await stage.drain(consumer);
    const next = await stage.consume(transport, queue.source);
    await stage.time.quiet();
    claim(next.tags.length === 0, () => "A message that was acknowledged while draining twice came again.");
  },
};
