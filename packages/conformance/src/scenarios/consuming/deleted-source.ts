import type { Topology, Transport } from "@waybill/core/transport";
import { isRetriable } from "@waybill/core/transport-kit/testing";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Stage } from "../../kit/stage.ts";
import type { Scenario } from "../../scenario.ts";

/** Repeats the call while it fails with a retriable error, as a bus does: a broker may need time after losing a queue. */
async function provisionPatiently(
  stage: Stage,
  transport: Transport,
  topology: Partial<Topology>,
): Promise<void> {
  const end = stage.time.deadline();
  for (;;) {
    try {
      await stage.provision(transport, topology);
      return;
    } catch (error) {
      if (!isRetriable(error) || stage.time.now() >= end) throw error;
      await stage.time.elapse(stage.pace.stepMs * 10);
    }
  }
}

/** An operator deletes a queue by hand. Without a report, the service would look idle. */
export const deletedSource: Scenario = {
  name: "deleting a queue under its consumer is reported, and consuming resumes once the queue is provisioned again",
  faults: ["deleteSource"],
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const other = await makeQueue(stage, transport);
    const reader = await stage.consume(transport, queue.source);
    const unharmed = await stage.consume(transport, other.source);
    await stage.store(transport, [queue.message(), other.message()]);
    await awaitDelivered(stage, queue.group, stage.history.confirmed().slice(0, 1));
    assertThat(
      reader.problem === undefined,
      () => `A problem was reported for an intact queue: ${reader.problem}`,
    );

    await stage.fault("deleteSource")(queue.source);
    await stage.time.eventually(
      () => reader.problem !== undefined,
      () => "The queue was deleted and no problem was reported.",
    );
    assertThat(
      unharmed.problem === undefined,
      () => `A problem was reported for the other queue: ${unharmed.problem}`,
    );

    await provisionPatiently(stage, transport, {
      queues: [{ name: queue.name, lanes: queue.lanes }],
      services: [queue.group],
    });
    await stage.time.eventually(
      () => reader.problem === undefined,
      () => `The queue was provisioned again, but the problem is still reported: ${reader.problem}`,
    );
    const before = reader.tags.length;
    await stage.store(transport, [queue.message()]);
    await stage.time.eventually(
      () => reader.tags.length > before,
      () => "No message was delivered from the queue that was deleted and provisioned again.",
    );
  },
};
