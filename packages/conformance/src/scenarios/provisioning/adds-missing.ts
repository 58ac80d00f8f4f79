import { makeTopic } from "../../kit/generate/destinations.ts";
import { driftText } from "../../kit/generate/topologies.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactlyEach } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** A second service provisions its group beside the entities of the first. */
export const addsMissing: Scenario = {
  name: "apply adds missing entities and leaves existing ones and their messages untouched",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport);
    const old = topic.groups[0] ?? "";
    await stage.store(transport, [topic.message(), topic.message()]);
    const group = stage.names.next("group");
    const drift = await stage.provision(transport, {
      topics: [{ name: topic.name, lanes: undefined, retainMs: undefined }],
      groups: [{ topic: topic.name, group, lanes: undefined, from: "latest" }],
      services: [group],
    });
    assertThat(drift.length === 0, () => `Adding a second group reported ${driftText(drift)}.`);
    const later = topic.message();
    await stage.store(transport, [later]);
    await stage.consume(transport, topic.source(old));
    await stage.consume(transport, topic.source(group));
    const all = stage.history.confirmed();
    await assertExactlyEach(
      stage,
      new Map([
        [old, all],
        [group, [later.id]],
      ]),
    );
  },
};
