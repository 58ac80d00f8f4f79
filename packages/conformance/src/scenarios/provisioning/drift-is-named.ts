import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { driftText, topologyOf } from "../../kit/generate/topologies.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const LANES = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 2 });

/** A different number of lanes: silently changing it would break the order of keys. */
export const driftIsNamed: Scenario = {
  name: "apply and verify report drift with the expected and the actual value, and never overwrite it",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, LANES, async (act, [there = 1, wanted = 2]) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport, { lanes: there });
      const waiting = ["a", "b", "c"].map((key) => queue.message({ key }));
      await act.store(transport, waiting);
      const other = topologyOf({ queues: [{ name: queue.name, lanes: wanted }] });
      for (const mode of ["verify", "apply", "verify"] as const) {
        const drift = await act.time.finish(mode, transport.provision(other, mode));
        const found = drift.find(({ kind, entity }) => kind === "different" && entity.includes(queue.name));
        assertThat(
          found?.expected?.includes(String(wanted)) === true &&
            found.actual?.includes(String(there)) === true,
          () =>
            `${wanted} lanes were requested for a queue with ${there}: ${mode} reported ${driftText(drift)}.`,
        );
        assertThat(
          found.property !== undefined,
          () => `The drift does not name the property: ${driftText(drift)}.`,
        );
      }
      const same = topologyOf({ queues: [{ name: queue.name, lanes: there }] });
      const left = await act.time.finish("verify", transport.provision(same, "verify"));
      assertThat(left.length === 0, () => `Reporting the drift changed the queue: ${driftText(left)}.`);
      await act.consume(transport, queue.source);
      await assertExactly(
        act,
        queue.group,
        waiting.map(({ id }) => id),
      );
    }),
};
