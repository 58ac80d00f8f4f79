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

const DECADE_MS = 10 * 365 * 86_400_000;
/** Later than any delay that a transport takes. */
const CENTURY_MS = 100 * 365 * 86_400_000;

/** A time that is no time, or lies beyond every delay, is not waited for: neither for years nor in a loop. */
export const foreignDueTime: Scenario = {
  name: "a foreign message with a due time that is none is handled at once, and nothing asks for it again and again",
  needs: ["retryDelay"],
  writesRaw: true,
  run: (stage) =>
    forAll(stage, shuffled(NUMBERS), async (act, values) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const consumer = await act.consume(transport, queue.source, { answer: asksOnceMore(act.pace.delayMs) });
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
      await claimInnocentServed(act, { transport, queue, consumer });
      await claimHandled(act, consumer, { tags, times: 2 });
    }),
};
