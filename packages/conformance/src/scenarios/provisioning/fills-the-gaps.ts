import { claim } from "../../kit/observe/claim.ts";
import { claimExactlyEach } from "../../kit/observe/invariants.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import { shown } from "../../kit/generate/topologies.ts";
import type { Scenario } from "../../scenario.ts";

/** What a second service does to what the first has. */
export const fillsTheGaps: Scenario = {
  name: "apply adds what is missing beside what exists and disturbs none of it",
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
    claim(drift.length === 0, () => `A second group left ${shown(drift)}.`);
    const later = topic.message();
    await stage.store(transport, [later]);
    await stage.consume(transport, topic.source(old));
    await stage.consume(transport, topic.source(group));
    const all = stage.history.stored();
    await claimExactlyEach(
      stage,
      new Map([
        [old, all],
        [group, [later.id]],
      ]),
    );
  },
};
