import fc from "fast-check";
import { forAll } from "../../kit/generate/for-all.ts";
import { driftText, smallTopology } from "../../kit/generate/topologies.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** A rollout starts all instances within the same second. */
export const concurrentProvisioning: Scenario = {
  name: "several instances can provision the same topology concurrently",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 2, max: 6 }), async (act, count) => {
      const topology = smallTopology(act.names);
      const instances = await Promise.all(Array.from({ length: count }, () => act.instance()));
      const drifts = await Promise.all(instances.map((instance) => act.provision(instance, topology)));
      for (const drift of drifts)
        assertThat(
          drift.length === 0,
          () => `One of ${count} concurrent calls reported ${driftText(drift)}.`,
        );
      const [topic] = topology.topics;
      const [group = ""] = topology.services;
      const name = topic?.name ?? "";
      for (const instance of instances)
        await act.store(instance, [act.message({ to: { kind: "topic", name } })]);
      for (const instance of instances)
        await act.consume(instance, { kind: "topic", name, group, lanes: undefined });
      await assertExactly(act, group, act.history.confirmed());
    }),
};
