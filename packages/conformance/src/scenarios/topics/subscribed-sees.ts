import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { makeQueue, makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Also of a second subscription, to a source that has been read and drained before. */
export const subscribedSees: Scenario = {
  name: "once subscribe has resolved, what is published from then on is seen",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport);
    const queue = await makeQueue(stage, transport);
    const group = topic.groups[0] ?? "";
    for (let round = 0; round < 3; round++) {
      const member = await stage.instance();
      const events = await stage.consume(member, topic.source(group));
      const commands = await stage.consume(member, queue.source);
      const event = topic.message();
      const command = queue.message();
      await stage.store(transport, [event, command]);
      await stage.time.eventually(
        () => events.tags.includes(event.id) && commands.tags.includes(command.id),
        () =>
          `Round ${round}: the topic's member saw ${events.tags.join()}, the queue's ${commands.tags.join()}.`,
      );
      await stage.drain(events);
      await stage.drain(commands);
    }
    const all = stage.history.stored();
    claim(all.length === 6, () => `Six messages were published, ${all.length} are stored.`);
    await claimExactly(
      stage,
      group,
      all.filter((_, at) => at % 2 === 0),
    );
  },
};
