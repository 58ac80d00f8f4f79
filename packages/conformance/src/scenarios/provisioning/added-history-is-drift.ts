import { driftText, topologyOf } from "../../kit/generate/topologies.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** Retentions below and above the default retention of a broker. */
const RETENTIONS_MS = [3_600_000, 90 * 86_400_000];

/** Readers would take a history that begins in the middle for the complete one. */
export const addedHistoryIsDrift: Scenario = {
  name: "history requested for an existing topic without history is reported as drift and never added",
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
        assertThat(
          drift.some(
            ({ kind, entity, property }) =>
              kind === "different" && entity.includes(name) && property !== undefined,
          ),
          () =>
            `A retention of ${retainMs} ms was requested for a topic without history: ${mode} reported ${driftText(drift)}.`,
        );
      }
    const left = await stage.time.finish("verify", transport.provision(plain, "verify"));
    assertThat(left.length === 0, () => `Reporting the drift changed the topic: ${driftText(left)}.`);
  },
};
