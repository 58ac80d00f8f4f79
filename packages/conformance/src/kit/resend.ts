import type { Transport, WireMessage } from "@waybill/core/transport";
import { assertThat } from "./observe/assert.ts";
import type { Stage } from "./stage.ts";

/**
 * Publishes a message under one id until it is stored, as core does: after `disconnected` or `blocked` it publishes
 * again, one `stepMs` later.
 * @throws BrokenPromise on another failure, or after `patienceMs`
 */
export async function resend(stage: Stage, transport: Transport, message: WireMessage): Promise<void> {
  const last = stage.time.deadline();
  for (;;) {
    const [result] = await stage.publish(transport, [message]);
    if (result?.ok === true) return;
    const code = result?.error.code;
    assertThat(
      code === "disconnected" || code === "blocked",
      () => `A resend returned ${JSON.stringify(result)}.`,
    );
    assertThat(
      stage.time.now() < last,
      () => `After ${stage.pace.patienceMs} ms a resend still returns ${code}.`,
    );
    await stage.time.elapse(stage.pace.stepMs);
  }
}
