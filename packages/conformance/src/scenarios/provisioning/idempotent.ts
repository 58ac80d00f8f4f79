import { makeQueue } from "../../kit/generate/destinations.ts";
import { driftText, smallTopology } from "../../kit/generate/topologies.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

export const idempotent: Scenario = {
  name: "provisioning the same topology again reports no drift and keeps waiting messages",
  async run(stage) {
    const transport = await stage.instance();
    const topology = smallTopology(stage.names);
    const queue = await makeQueue(stage, transport);
    await stage.store(transport, [queue.message(), queue.message()]);
    const again = { ...topology, queues: [...topology.queues, { name: queue.name, lanes: undefined }] };
    for (let time = 0; time < 3; time++) {
      const drift = await stage.provision(transport, again);
      assertThat(drift.length === 0, () => `Repetition ${time + 1} reported ${driftText(drift)}.`);
    }
    await stage.consume(transport, queue.source);
    await assertExactly(stage, queue.group, stage.history.confirmed());
  },
};
