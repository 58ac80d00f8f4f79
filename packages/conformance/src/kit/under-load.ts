import type { Transport } from "@waybill/core/transport";
import { meanwhile } from "./meanwhile.ts";
import type { Queue } from "./generate/places.ts";
import { resend } from "./resend.ts";
import type { Stage } from "./stage.ts";

/** How many messages are on their way together. */
const AT_ONCE = 5;

/** After so many messages the load pauses, however long the trouble lasts. */
const MOST = 2_000;

/**
 * Publishes without a pause while something goes wrong, and for one round more; each message is sent again until it is
 * stored. Resolves when all are.
 */
export async function underLoad(
  stage: Stage,
  { publisher, queue }: { readonly publisher: Transport; readonly queue: Queue },
  trouble: () => Promise<void>,
): Promise<void> {
  const round = (): Promise<unknown> =>
    Promise.all(Array.from({ length: AT_ONCE }, () => resend(stage, publisher, queue.message())));
  let isOver = false;
  const load = async (): Promise<void> => {
    for (let sent = 0; !isOver && sent < MOST; sent += AT_ONCE) await round();
  };
  const ended = async (): Promise<void> => {
    try {
      await trouble();
    } finally {
      isOver = true;
    }
  };
  // Also when the load has failed the trouble is seen to its end: nothing may be left broken for the next scenario.
  const loading = meanwhile(load());
  await ended();
  await loading;
  await round();
}
