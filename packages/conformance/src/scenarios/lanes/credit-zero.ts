import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

export const creditZero: Scenario = {
  name: "nothing is delivered at a credit of 0, at the start or later, and raising it resumes",
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
    claim(early.length === 0, () => `${early.length} came before any credit was given.`);
    consumer.credit(10);
    await claimExactly(stage, queue.group, stage.history.stored());
    consumer.credit(0);
    await publish();
    await stage.time.quiet();
    const late = consumer.tags.slice(5);
    claim(late.length === 0, () => `${late.length} came at a credit of 0.`);
    consumer.credit(2);
    await claimExactly(stage, queue.group, stage.history.stored());
  },
};
