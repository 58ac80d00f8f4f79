import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { shown, topologyOf } from "../../kit/generate/topologies.ts";
import type { Scenario } from "../../scenario.ts";

const LANES = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 2 });

/** Other lanes than there are: the drift that would break the order if it were mended silently. */
export const driftIsNamed: Scenario = {
  name: "drift is reported with what is wanted and what is there, by apply as by verify, and never overwritten",
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
        claim(
          found?.expected?.includes(String(wanted)) === true &&
            found.actual?.includes(String(there)) === true,
          () => `A queue with ${there} lanes, wanted with ${wanted}: ${mode} said ${shown(drift)}.`,
        );
        claim(found.property !== undefined, () => `Which property differs is not named: ${shown(drift)}.`);
      }
      const same = topologyOf({ queues: [{ name: queue.name, lanes: there }] });
      const left = await act.time.finish("verify", transport.provision(same, "verify"));
      claim(left.length === 0, () => `After reporting drift the queue itself had changed: ${shown(left)}.`);
      await act.consume(transport, queue.source);
      await claimExactly(
        act,
        queue.group,
        waiting.map(({ id }) => id),
      );
    }),
};
