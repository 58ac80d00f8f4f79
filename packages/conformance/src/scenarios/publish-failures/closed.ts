import { claim } from "../../kit/observe/claim.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

export const closed: Scenario = {
  name: "a closed transport answers closed, and what it was given is not stored",
  async run(stage) {
    const publisher = await stage.instance();
    const member = await stage.instance();
    const queue = await makeQueue(stage, member);
    const consumer = await stage.consume(member, queue.source);
    await stage.time.finish("close", publisher.close(stage.time.deadline()));
    const results = await stage.publish(publisher, [queue.message(), queue.message()]);
    claim(
      results.length === 2 &&
        results.every((result) => !result.ok && result.error.code === "closed" && !result.error.maybeStored),
      () => `A closed transport answered ${JSON.stringify(results)}.`,
    );
    await stage.time.quiet();
    claim(consumer.tags.length === 0, () => "What a closed transport refused was delivered all the same.");
  },
};
