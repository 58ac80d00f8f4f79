import type { Transport } from "@waybill/core/transport";
import type { Queue } from "./generate/destinations.ts";
import { inBackground } from "./in-background.ts";
import { resend } from "./resend.ts";
import type { Stage } from "./stage.ts";

/** The number of messages published concurrently. */
const CONCURRENT = 5;

/** The number of messages after which the load pauses, however long the fault lasts. */
const MAX_MESSAGES = 2_000;

/**
 * Publishes continuously while `fault` runs, and for one more round; resends each message until it is stored. Resolves
 * when all are stored.
 */
export async function underLoad(
  stage: Stage,
  { publisher, queue }: { readonly publisher: Transport; readonly queue: Queue },
  fault: () => Promise<void>,
): Promise<void> {
  const round = (): Promise<unknown> =>
    Promise.all(Array.from({ length: CONCURRENT }, () => resend(stage, publisher, queue.message())));
  let isOver = false;
  const load = async (): Promise<void> => {
    for (let sent = 0; !isOver && sent < MAX_MESSAGES; sent += CONCURRENT) await round();
  };
  const runFault = async (): Promise<void> => {
    try {
      await fault();
    } finally {
      isOver = true;
    }
  };
  // Waits for the end of the fault even after the load has failed: no fault may last into the next scenario.
  const loading = inBackground(load());
  await runFault();
  await loading;
  await round();
}
