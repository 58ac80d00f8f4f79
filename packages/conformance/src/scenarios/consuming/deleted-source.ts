import { isRetriable } from "@waybill/core/transport-kit/testing";
import type { Topology, Transport } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Stage } from "../../kit/stage.ts";
import type { Scenario } from "../../scenario.ts";

/** As a bus does: a broker that has just lost a queue may need a moment. */
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

/** Somebody tidies up the broker by hand. Silence would look like a day without work. */
export const deletedSource: Scenario = {
  name: "a queue that somebody deletes under its reader is reported, and is read again once it is provisioned",
  faults: ["deleteSource"],
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const other = await makeQueue(stage, transport);
    const reader = await stage.consume(transport, queue.source);
    const unharmed = await stage.consume(transport, other.source);
    await stage.store(transport, [queue.message(), other.message()]);
    await awaitSeen(stage, queue.group, stage.history.stored().slice(0, 1));
    claim(reader.problem === undefined, () => `A sound queue is reported: ${reader.problem}`);

    await stage.fault("deleteSource")(queue.source);
    await stage.time.eventually(
      () => reader.problem !== undefined,
      () => "A queue was deleted, and nothing was reported.",
    );
    claim(unharmed.problem === undefined, () => `The other queue is reported: ${unharmed.problem}`);

    await provisionPatiently(stage, transport, {
      queues: [{ name: queue.name, lanes: queue.lanes }],
      services: [queue.group],
    });
    await stage.time.eventually(
      () => reader.problem === undefined,
      () => `The queue is there again, and is reported all the same: ${reader.problem}`,
    );
    const before = reader.tags.length;
    await stage.store(transport, [queue.message()]);
    await stage.time.eventually(
      () => reader.tags.length > before,
      () => "Nothing comes from a queue that was deleted and provisioned again.",
    );
  },
};
