import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

export const creditZero: Scenario = {
  name: "a credit of 0 stops deliveries, initially or later, and raising it resumes them",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const consumer = await stage.consume(transport, queue.source, { credit: 0 });
    const publish = () =>
      stage.store(
        transport,
        Array.from({ length: 5 }, () => queue.message()),
      );
    await publish();
    await stage.time.quiet();
    const early = consumer.tags;
    assertThat(
      early.length === 0,
      () => `${early.length} messages were delivered before any credit was given.`,
    );
    consumer.credit(10);
    await assertExactly(stage, queue.group, stage.history.confirmed());
    consumer.credit(0);
    await publish();
    await stage.time.quiet();
    const late = consumer.tags.slice(5);
    assertThat(late.length === 0, () => `${late.length} messages were delivered at a credit of 0.`);
    consumer.credit(2);
    await assertExactly(stage, queue.group, stage.history.confirmed());
  },
};
