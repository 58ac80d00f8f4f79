import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

export const closed: Scenario = {
  name: "a closed transport refuses every publish as closed and stores nothing",
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, member);
    const consumer = await stage.consume(member, queue.source);
    await stage.time.finish("close", publisher.close(stage.time.deadline()));
    const results = await stage.publish(publisher, [queue.message(), queue.message()]);
    assertThat(
      results.length === 2 &&
        results.every((result) => !result.ok && result.error.code === "closed" && !result.error.maybeStored),
      () => `publish of a closed transport returned ${JSON.stringify(results)}.`,
    );
    await stage.time.quiet();
    assertThat(
      consumer.tags.length === 0,
      () => "A message that the closed transport refused was delivered.",
    );
  },
};
