import { claim } from "../../kit/observe/claim.ts";
import { shown, smallTopology } from "../../kit/generate/topologies.ts";
import type { Scenario } from "../../scenario.ts";

/** Also by an instance that did not provision it. */
export const verifyAgrees: Scenario = {
  name: "verify finds no drift in what was applied",
  async run(stage) {
    const transport = await stage.instance();
    const topology = smallTopology(stage.names);
    const applied = await stage.provision(transport, topology);
    claim(applied.length === 0, () => `On a place without drift, apply left ${shown(applied)}.`);
    const other = await stage.instance();
    const drift = await stage.time.finish("verify", other.provision(topology, "verify"));
    claim(drift.length === 0, () => `What was applied differs by ${shown(drift)}.`);
  },
};
