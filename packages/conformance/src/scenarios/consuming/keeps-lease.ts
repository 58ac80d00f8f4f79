import { ACK } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { HOLDS } from "../../kit/consumer.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Another member is ready to take what falls from the first one's hands. */
export const keepsLease: Scenario = {
  name: "a message whose handler takes very long stays with it, and its late answer counts",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const slow = await stage.consume(transport, queue.source, { credit: 1, answer: HOLDS });
    await stage.store(transport, [queue.message()]);
    await awaitSeen(stage, queue.group, stage.history.stored());
    const other = await stage.consume(await stage.instance(), queue.source);
    await stage.time.elapse(stage.pace.leaseMs);
    claim(slow.open.length === 1, () => "The message was taken back while its handler ran.");
    claim(other.tags.length === 0, () => "The message was handed to another member while its handler ran.");
    slow.answerAll(ACK);
    await stage.time.elapse(stage.pace.leaseMs);
    const times = slow.tags.length + other.tags.length;
    claim(times === 1, () => `A message acknowledged late was delivered ${times} times.`);
  },
};
