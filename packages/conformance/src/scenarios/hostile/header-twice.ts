import { claimHandled, claimInnocentServed, writeAll } from "../../kit/hostile.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { HEADER } from "@waybill/core/transport";
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
  name: "a foreign message with one header written twice, ours or its own, is handled once and stops nobody",
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
    await claimHandled(stage, consumer, { tags, times: 1 });
    await claimInnocentServed(stage, { transport, queue, consumer });
  },
};
