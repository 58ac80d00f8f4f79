import { claim, few } from "../../kit/observe/claim.ts";
import { claimExactly, claimWindows } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** A batch of one size arrives whole. Large ones meet the limits of frames, requests and windows. */
function batchOf(size: number): Scenario {
  return {
    name: `a batch of ${size.toLocaleString("en")} arrives whole and once`,
    async run(stage) {
      const publisher = await stage.instance();
      const member = await stage.instance();
      const queue = await makeQueue(stage, publisher);
      const consumer = await stage.consume(member, queue.source);
      const batch = Array.from({ length: size }, () => queue.message());
      const results = await stage.publish(publisher, batch);
      const refused = results.filter(({ ok }) => !ok);
      claim(results.length === size, () => `${size} messages had ${results.length} results.`);
      claim(refused.length === 0, () => `Refused: ${few(refused.map((result) => JSON.stringify(result)))}.`);
      await claimExactly(
        stage,
        queue.group,
        batch.map(({ id }) => id),
      );
      claimWindows(consumer);
    },
  };
}

export const batchOfOne: Scenario = batchOf(1);
export const batchOfThousand: Scenario = batchOf(1_000);
export const batchOfTenThousand: Scenario = batchOf(10_000);

export const emptyBatch: Scenario = {
  name: "an empty batch is answered with no results",
  async run(stage) {
    const transport = await stage.instance();
    const results = await stage.publish(transport, []);
    claim(results.length === 0, () => `No messages had ${results.length} results.`);
  },
};
