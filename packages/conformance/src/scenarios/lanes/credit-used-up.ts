import { ACK } from "@waybill/core/transport";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** Only for destinations without lanes: the messages of a lane wait for the owner of the lane. */
export const creditUsedUp: Scenario = {
  name: "a member whose credit is used up does not keep messages from the other members",
  async run(stage) {
    const publisher = await stage.instance();
    const queue = await makeQueue(stage, publisher);
    const stuck = await stage.consume(await stage.instance(), queue.source, {
      credit: 1,
      handler: SETTLES_LATER,
    });
    await stage.store(publisher, [queue.message()]);
    await stage.time.eventually(
      () => stuck.inFlight.length === 1,
      () => "The first message was not delivered to the only member.",
    );
    await stage.consume(await stage.instance(), queue.source);
    await stage.store(
      publisher,
      Array.from({ length: 20 }, () => queue.message()),
    );
    await awaitDelivered(stage, queue.group, stage.history.confirmed());
    assertThat(
      stuck.tags.length === 1,
      () => `The member with a credit of 1 got ${stuck.tags.length} messages.`,
    );
    stuck.settleAll(ACK);
  },
};
