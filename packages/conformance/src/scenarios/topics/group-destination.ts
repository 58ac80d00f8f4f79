import { makeTopic } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** A replay of one group's dead letter uses this destination. */
export const groupDestination: Scenario = {
  name: "a message sent to one group of a topic reaches that group and no other",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport, { groups: 3 });
    for (const group of topic.groups) await stage.consume(await stage.instance(), topic.source(group));
    const [chosen = "", ...others] = topic.groups;
    const message = stage.message({ to: { kind: "group", topic: topic.name, group: chosen } });
    await stage.store(transport, [message]);
    await assertExactly(stage, chosen, [message.id]);
    for (const group of others) {
      const seen = stage.history.deliveredTo(group);
      assertThat(seen.length === 0, () => `A message sent to ${chosen} was also delivered to ${group}.`);
    }
  },
};
