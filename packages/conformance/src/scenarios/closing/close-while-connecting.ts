import { isMessagingError } from "@waybill/core/transport";
import { inBackground } from "../../kit/in-background.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { describeEnd, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

/** Connecting may succeed or fail, but the transport must not reconnect afterwards. */
export const closeWhileConnecting: Scenario = {
  name: "close during connect ends both calls and leaves the transport closed",
  async run(stage) {
    const transport = await stage.unconnected();
    const connecting = inBackground(refusalOf(stage, () => transport.connect(new AbortController().signal)));
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    const refusal = await connecting;
    assertThat(
      refusal === undefined ||
        isMessagingError(refusal, "connect-failed") ||
        isMessagingError(refusal, "closed"),
      () => `connect ended with ${describeEnd(refusal)}.`,
    );
    await stage.time.quiet();
    const states: string[] = [];
    transport.onState(({ status }) => states.push(status));
    assertThat(states.join() === "closed", () => `After close during connect the state is ${states.join()}.`);
  },
};
