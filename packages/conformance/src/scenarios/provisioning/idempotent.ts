import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { shown, smallTopology } from "../../kit/generate/topologies.ts";
import type { Scenario } from "../../scenario.ts";

export const idempotent: Scenario = {
  name: "provisioning again changes nothing: no drift, and messages that wait go on waiting",
  async run(stage) {
    const transport = await stage.instance();
    const topology = smallTopology(stage.names);
    const queue = await makeQueue(stage, transport);
    await stage.store(transport, [queue.message(), queue.message()]);
    const again = { ...topology, queues: [...topology.queues, { name: queue.name, lanes: undefined }] };
    for (let time = 0; time < 3; time++) {
      const drift = await stage.provision(transport, again);
      claim(drift.length === 0, () => `Time ${time + 1} left ${shown(drift)}.`);
    }
    await stage.consume(transport, queue.source);
    await claimExactly(stage, queue.group, stage.history.stored());
  },
};
