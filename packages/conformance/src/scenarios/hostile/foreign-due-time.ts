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

const DECADE_MS = 10 * 365 * 86_400_000;
/** Longer than any delay that a transport accepts. */
const CENTURY_MS = 100 * 365 * 86_400_000;

/** A transport must neither wait years for an invalid or distant due time, nor ask the broker for the message in a loop. */
export const foreignDueTime: Scenario = {
  name: "a foreign message with an invalid due time is handled immediately and is not requested in a loop",
  needs: ["retryDelay"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, shuffled(NUMBERS), async (act, values) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, { handler: retriesOnce(act.pace.delayMs) });
      const now = Math.ceil(act.time.now());
      const past = [String(now - DECADE_MS), `${now - DECADE_MS}.25`, "-62135596800000", "0", "1"];
      const times = [
        ...values,
        ...past,
        String(now + CENTURY_MS),
        `${now}.5`,
        String((now + CENTURY_MS) * 1_000),
      ];
      const tags = await writeAll(
        act,
        queue,
        times.map((due) => ({ headers: [["waybill-due", due]] })),
      );
      await assertOrdinaryDelivered(act, { transport, queue, consumer });
      await assertHandled(act, consumer, { tags, times: 2 });
    }),
};
