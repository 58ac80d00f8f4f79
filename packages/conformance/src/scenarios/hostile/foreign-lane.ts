import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import {
  assertHandled,
  assertOrdinaryDelivered,
  NUMBERS,
  retriesOnce,
  shuffled,
  writeAll,
} from "../../kit/hostile.ts";
import type { Scenario } from "../../scenario.ts";

const CASES = fc.record({ values: shuffled(NUMBERS), lanes: fc.constantFrom(undefined, 4) });

/** Transports write the lane of a message into headers. Another program can write these headers, too. */
export const foreignLane: Scenario = {
  name: "a foreign message with an invalid lane is handled and retried like any other, and holds up no other message",
  needs: ["retryDelay"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, CASES, async (act, { values, lanes: wanted }) => {
      const transport = await act.instance();
      const lanes = transport.capabilities.order.level === "none" ? undefined : wanted;
      const queue = await makeQueue(act, transport, lanes === undefined ? {} : { lanes });
      const consumer = await act.consume(transport, queue.source, { handler: retriesOnce(act.pace.delayMs) });
      const tags: string[] = [];
      for (const lane of values) {
        const soon = String(Math.ceil(act.time.now()) + 2 * act.pace.delayMs);
        const named = ["waybill-lane", lane] as const;
        tags.push(
          ...(await writeAll(act, queue, [
            { headers: [named] },
            { headers: [["waybill-due", soon], named] },
          ])),
        );
      }
      await assertHandled(act, consumer, { tags, times: 2 });
      await assertOrdinaryDelivered(act, { transport, queue, consumer });
    }),
};
