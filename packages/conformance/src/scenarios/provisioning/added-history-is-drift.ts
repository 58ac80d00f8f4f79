import { claim } from "../../kit/observe/claim.ts";
import { shown, topologyOf } from "../../kit/generate/topologies.ts";
import type { Scenario } from "../../scenario.ts";

/** Shorter and longer than what a broker may keep anyway. */
const RETENTIONS_MS = [3_600_000, 90 * 86_400_000];

/** A history that begins in the middle would be taken for the whole of it. */
export const addedHistoryIsDrift: Scenario = {
  name: "history that is wanted of a topic that exists without is reported as drift, and never added",
  needs: ["history"],
  async run(stage) {
    const transport = await stage.instance();
    const name = stage.names.next("topic");
    const plain = topologyOf({ topics: [{ name, lanes: undefined, retainMs: undefined }] });
    await stage.provision(transport, plain);
    for (const retainMs of RETENTIONS_MS)
      for (const mode of ["verify", "apply", "verify"] as const) {
        const wanted = topologyOf({ topics: [{ name, lanes: undefined, retainMs }] });
        const drift = await stage.time.finish(mode, transport.provision(wanted, mode));
        claim(
          drift.some(
            ({ kind, entity, property }) =>
              kind === "different" && entity.includes(name) && property !== undefined,
          ),
          () => `A topic without history, wanted with ${retainMs} ms of it: ${mode} said ${shown(drift)}.`,
        );
      }
    const left = await stage.time.finish("verify", transport.provision(plain, "verify"));
    claim(left.length === 0, () => `After reporting drift the topic itself had changed: ${shown(left)}.`);
  },
};
