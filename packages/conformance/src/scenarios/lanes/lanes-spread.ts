import type { Transport } from "@waybill/core/transport";
import { laneOf } from "@waybill/core/transport-kit/testing";
import fc from "fast-check";
import type { Consumer } from "../../kit/consumer.ts";
import { makeQueue, type Queue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Stage } from "../../kit/stage.ts";
import type { Scenario } from "../../scenario.ts";

const LANES = 6;

const CASE = fc.record({ joins: fc.integer({ min: 1, max: 4 }), leaves: fc.integer({ min: 0, max: 3 }) });

/** Sends one message to each lane to see which member owns it. */
export const lanesSpread: Scenario = {
  name: "lanes are balanced: soon after a join or leave no member owns more than one lane above its share",
  needs: ["order"],
  run: (stage) =>
    forAll(stage, CASE, async (act, { joins, leaves }) => {
      const publisher = await act.instance();
      const queue = await makeQueue(act, publisher, { lanes: LANES });
      const members: Consumer[] = [];
      const round = () => assertBalanced(act, members, () => storeOneEach(act, publisher, queue));
      for (let join = 0; join <= joins; join++) {
        members.push(await act.consume(await act.instance(), queue.source));
        await round();
      }
      for (let leave = 0; leave < Math.min(leaves, joins); leave++) {
        const [leaving] = members.splice(leave % members.length, 1);
        if (leaving !== undefined) await act.drain(leaving);
        await round();
      }
    }),
};

async function assertBalanced(
  act: Stage,
  members: readonly Consumer[],
  probe: () => Promise<ReadonlySet<string>>,
): Promise<void> {
  const most = Math.floor(LANES / members.length + 1);
  const last = act.time.deadline();
  for (;;) {
    const tags = await probe();
    const owned = members.map(({ deliveries }) => deliveries.filter(({ tag }) => tags.has(tag)).length);
    if (owned.every((count) => count <= most)) return;
    assertThat(
      act.time.now() < last,
      () => `${LANES} lanes stay unevenly assigned to ${members.length} members: ${owned.join()}.`,
    );
    await act.time.elapse(act.pace.stepMs * 10);
  }
}

async function storeOneEach(act: Stage, publisher: Transport, queue: Queue): Promise<ReadonlySet<string>> {
  const round = Array.from({ length: LANES }, (_, lane) => queue.message({ key: keyOf(lane) }));
  await act.store(publisher, round);
  const tags = new Set(round.map(({ id }) => id));
  await awaitDelivered(act, queue.group, tags);
  return tags;
}

/** Returns a key that belongs to a lane. */
function keyOf(lane: number): string {
  let number = 0;
  while (laneOf(`key ${number}`, LANES) !== lane) number++;
  return `key ${number}`;
}
