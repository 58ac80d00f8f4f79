import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat, few } from "../../kit/observe/assert.ts";
import { assertCreditKept, assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** Returns the scenario for a batch of one size. Large batches reach the limits of frames, requests and credit. */
function batchOf(size: number): Scenario {
  return {
    name: `every message of a batch of ${size.toLocaleString("en")} is delivered once`,
    async run(stage) {
      const publisher = await stage.instance();
      const member = await stage.instance();
      const queue = await makeQueue(stage, publisher);
      const consumer = await stage.consume(member, queue.source);
      const batch = Array.from({ length: size }, () => queue.message());
      const results = await stage.publish(publisher, batch);
      const refused = results.filter(({ ok }) => !ok);
      assertThat(
        results.length === size,
        () => `publish returned ${results.length} results for ${size} messages.`,
      );
      assertThat(
        refused.length === 0,
        () => `publish refused messages: ${few(refused.map((result) => JSON.stringify(result)))}.`,
      );
      await assertExactly(
        stage,
        queue.group,
        batch.map(({ id }) => id),
      );
      assertCreditKept(consumer);
    },
  };
}

export const batchOfOne: Scenario = batchOf(1);
export const batchOfThousand: Scenario = batchOf(1_000);
export const batchOfTenThousand: Scenario = batchOf(10_000);

export const emptyBatch: Scenario = {
  name: "publishing an empty batch returns no results",
  async run(stage) {
    const transport = await stage.instance();
    const results = await stage.publish(transport, []);
    assertThat(results.length === 0, () => `publish returned ${results.length} results for an empty batch.`);
  },
};
