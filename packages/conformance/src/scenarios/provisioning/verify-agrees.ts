import { driftText, smallTopology } from "../../kit/generate/topologies.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** Another instance than the one that applied the topology verifies it. */
export const verifyAgrees: Scenario = {
  name: "verify finds no drift in a topology that was applied",
  async run(stage) {
    const transport = await stage.instance();
    const topology = smallTopology(stage.names);
    const applied = await stage.provision(transport, topology);
    assertThat(applied.length === 0, () => `apply of a new topology reported ${driftText(applied)}.`);
    const other = await stage.instance();
    const drift = await stage.time.finish("verify", other.provision(topology, "verify"));
    assertThat(drift.length === 0, () => `verify of the applied topology reported ${driftText(drift)}.`);
  },
};
