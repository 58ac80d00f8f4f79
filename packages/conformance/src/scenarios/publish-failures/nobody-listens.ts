import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** A fact is a fact though nobody cares: unroutable is only what does not exist. */
export const nobodyListens: Scenario = {
  name: "a topic without groups takes messages",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport, { groups: 0 });
    await stage.store(transport, [topic.message(), topic.message()]);
  },
};
