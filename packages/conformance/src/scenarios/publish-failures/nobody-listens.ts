import { makeTopic } from "../../kit/generate/destinations.ts";
import type { Scenario } from "../../scenario.ts";

/** An event may have no subscriber: only a missing destination is unroutable. */
export const nobodyListens: Scenario = {
  name: "a topic without groups accepts messages",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport, { groups: 0 });
    await stage.store(transport, [topic.message(), topic.message()]);
  },
};
