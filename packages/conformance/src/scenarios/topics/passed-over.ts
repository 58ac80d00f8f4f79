import { ACK } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { HOLDS } from "../../kit/consumer.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Of what has no order: a lane waits for its owner. */
export const passedOver: Scenario = {
  name: "a member whose window is full does not keep messages from the others",
  async run(stage) {
    const publisher = await stage.instance();
    const queue = await makeQueue(stage, publisher);
    const stuck = await stage.consume(await stage.instance(), queue.source, { credit: 1, answer: HOLDS });
    await stage.store(publisher, [queue.message()]);
    await stage.time.eventually(
      () => stuck.open.length === 1,
      () => "The first message did not reach the only member.",
    );
    await stage.consume(await stage.instance(), queue.source);
    await stage.store(
      publisher,
      Array.from({ length: 20 }, () => queue.message()),
    );
    await awaitSeen(stage, queue.group, stage.history.stored());
    claim(stuck.tags.length === 1, () => `The full member was handed ${stuck.tags.length} messages.`);
    stuck.answerAll(ACK);
  },
};
