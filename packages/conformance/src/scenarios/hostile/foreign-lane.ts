import fc from "fast-check";
import {
  asksOnceMore,
  claimHandled,
  claimInnocentServed,
  NUMBERS,
  shuffled,
  writeAll,
} from "../../kit/hostile.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASES = fc.record({ values: shuffled(NUMBERS), lanes: fc.constantFrom(undefined, 4) });

/** Transports note in headers by which lane a message goes on. Another program can write these headers too. */
export const foreignLane: Scenario = {
  name: "a foreign message that names a lane that is none is handled and tried again as any other, and stops nobody",
  needs: ["retryDelay"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, CASES, async (act, { values, lanes: wanted }) => {
      const transport = await act.instance();
      const lanes = transport.capabilities.order.level === "none" ? undefined : wanted;
      const queue = await makeQueue(act, transport, lanes === undefined ? {} : { lanes });
      const consumer = await act.consume(transport, queue.source, { answer: asksOnceMore(act.pace.delayMs) });
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
      await claimHandled(act, consumer, { tags, times: 2 });
      await claimInnocentServed(act, { transport, queue, consumer });
    }),
};
