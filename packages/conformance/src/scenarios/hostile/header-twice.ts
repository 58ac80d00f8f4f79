import { HEADER } from "@waybill/core/transport";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertHandled, assertOrdinaryDelivered, writeAll } from "../../kit/hostile.ts";
import type { Scenario } from "../../scenario.ts";

const NAMES = [
  "twice",
  "__proto__",
  "constructor",
  HEADER.attempt,
  HEADER.failureCode,
  "waybill-due",
  "waybill-lane",
  "waybill-id",
];

export const headerTwice: Scenario = {
  name: "a foreign message with a duplicate header, ours or its own, is handled once and holds up no other message",
  writesRaw: true,
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const consumer = await stage.consume(transport, queue.source);
    const tags = await writeAll(
      stage,
      queue,
      NAMES.map((name) => ({
        headers: [
          [name, "1"],
          [name, "2"],
        ],
      })),
    );
    await assertHandled(stage, consumer, { tags, times: 1 });
    await assertOrdinaryDelivered(stage, { transport, queue, consumer });
  },
};
