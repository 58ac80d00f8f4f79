import { makeQueue, makeTopic } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** The promise also holds for a later subscription to a source that has been consumed and drained before. */
export const subscribedReceives: Scenario = {
  name: "every message published after subscribe has resolved is delivered",
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
        () => `Round ${round}: the topic delivered ${events.tags.join()}, the queue ${commands.tags.join()}.`,
      );
      await stage.drain(events);
      await stage.drain(commands);
    }
    const all = stage.history.confirmed();
    assertThat(all.length === 6, () => `Six messages were published, ${all.length} were stored.`);
    await assertExactly(
      stage,
      group,
      all.filter((_, at) => at % 2 === 0),
    );
  },
};
