import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** The largest body tried, in bytes: a higher declared limit is not proved with a message of that size. */
const MAX_TRIED = 20 * 1_024 * 1_024;

/** The bytes of the limit that are left for the id, the type and the kit's own header. */
const HEADER_BYTES = 4_096;

export const tooLarge: Scenario = {
  name: "a message above the declared size limit is refused as too large; a message below it is delivered",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 5_000 }), async (act, excess) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      const limit = transport.capabilities.largestMessage;
      const huge = queue.message({ body: new Uint8Array(limit + excess) });
      const [refused] = await act.publish(transport, [huge]);
      assertThat(
        refused?.ok === false && refused.error.code === "too-large" && !refused.error.maybeStored,
        () => `A body ${excess} bytes above the limit of ${limit} returned ${JSON.stringify(refused)}.`,
      );
      const size = Math.min(limit, MAX_TRIED) - HEADER_BYTES;
      const large = queue.message({ body: new Uint8Array(size).fill(7) });
      await act.store(transport, [large]);
      await assertExactly(act, queue.group, [large.id]);
      const arrived = consumer.deliveries[0]?.message.body.length;
      assertThat(arrived === size, () => `A body of ${size} bytes arrived with ${arrived} bytes.`);
    }),
};
