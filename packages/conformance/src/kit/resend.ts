import type { Transport, WireMessage } from "@waybill/core/transport";
import { claim } from "./observe/claim.ts";
import type { Stage } from "./stage.ts";

/**
 * Sends a message under its id until it is stored, as core does: `disconnected` and `blocked` mean to try again.
 * Each try is a step of time apart.
 */
export async function resend(stage: Stage, transport: Transport, message: WireMessage): Promise<void> {
  const last = stage.time.deadline();
  for (;;) {
    const [result] = await stage.publish(transport, [message]);
    if (result?.ok === true) return;
    const code = result?.error.code;
    claim(
      code === "disconnected" || code === "blocked",
      () => `A resend was answered ${JSON.stringify(result)}.`,
    );
    claim(
      stage.time.now() < last,
      () => `After ${stage.pace.patienceMs} ms a resend is still answered ${code}.`,
    );
    await stage.time.elapse(stage.pace.stepMs);
  }
}
