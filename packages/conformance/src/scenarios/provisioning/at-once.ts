import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { shown, smallTopology } from "../../kit/generate/topologies.ts";
import type { Scenario } from "../../scenario.ts";

/** A rollout starts all instances in the same second. */
export const atOnce: Scenario = {
  name: "several instances may provision the same at once",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 2, max: 6 }), async (act, count) => {
      const topology = smallTopology(act.names);
      const instances = await Promise.all(Array.from({ length: count }, () => act.instance()));
      const drifts = await Promise.all(instances.map((instance) => act.provision(instance, topology)));
      for (const drift of drifts)
        claim(drift.length === 0, () => `One of ${count} was left ${shown(drift)}.`);
      const [topic] = topology.topics;
      const [group = ""] = topology.services;
      const name = topic?.name ?? "";
      for (const instance of instances)
        await act.store(instance, [act.message({ to: { kind: "topic", name } })]);
      for (const instance of instances)
        await act.consume(instance, { kind: "topic", name, group, lanes: undefined });
      await claimExactly(act, group, act.history.stored());
    }),
};
