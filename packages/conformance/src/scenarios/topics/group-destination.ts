import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** How a dead letter of one group is replayed. */
export const groupDestination: Scenario = {
  name: "a message to one group of a topic reaches that group and no other",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport, { groups: 3 });
    for (const group of topic.groups) await stage.consume(await stage.instance(), topic.source(group));
    const [chosen = "", ...others] = topic.groups;
    const message = stage.message({ to: { kind: "group", topic: topic.name, group: chosen } });
    await stage.store(transport, [message]);
    await claimExactly(stage, chosen, [message.id]);
    for (const group of others) {
      const seen = stage.history.seenBy(group);
      claim(seen.length === 0, () => `A message to ${chosen} was handed to ${group}, too.`);
    }
  },
};
