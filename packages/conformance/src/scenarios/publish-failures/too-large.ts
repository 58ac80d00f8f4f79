import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** A broker that takes more than this is not asked to prove it with a single message. */
const MOST_TRIED = 20 * 1_024 * 1_024;

/** What the id, the type and the kit's own header may take of the limit. */
const ROOM_FOR_HEADERS = 4_096;

export const tooLarge: Scenario = {
  name: "a message just above the declared limit is refused as too large, one below it is delivered",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 5_000 }), async (act, excess) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source);
      const limit = transport.capabilities.largestMessage;
      const huge = queue.message({ body: new Uint8Array(limit + excess) });
      const [refused] = await act.publish(transport, [huge]);
      claim(
        refused?.ok === false && refused.error.code === "too-large" && !refused.error.maybeStored,
        () => `${excess} bytes above the limit of ${limit} were answered ${JSON.stringify(refused)}.`,
      );
      const size = Math.min(limit, MOST_TRIED) - ROOM_FOR_HEADERS;
      const large = queue.message({ body: new Uint8Array(size).fill(7) });
      await act.store(transport, [large]);
      await claimExactly(act, queue.group, [large.id]);
      const arrived = consumer.handlings[0]?.message.body.length;
      claim(arrived === size, () => `A body of ${size} bytes arrived with ${arrived}.`);
    }),
};
