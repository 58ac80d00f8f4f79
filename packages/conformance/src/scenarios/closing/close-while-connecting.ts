import { isMessagingError } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { meanwhile } from "../../kit/meanwhile.ts";
import { ending, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

/** Connecting may win or be refused, and never come back to life. */
export const closeWhileConnecting: Scenario = {
  name: "close while connecting ends both",
  async run(stage) {
    const transport = await stage.unconnected();
    const connecting = meanwhile(refusalOf(stage, () => transport.connect(new AbortController().signal)));
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    const refusal = await connecting;
    claim(
      refusal === undefined ||
        isMessagingError(refusal, "connect-failed") ||
        isMessagingError(refusal, "closed"),
      () => `Connecting ended with ${ending(refusal)}.`,
    );
    await stage.time.quiet();
    const states: string[] = [];
    transport.onState(({ status }) => states.push(status));
    claim(states.join() === "closed", () => `After close while connecting the state is ${states.join()}.`);
  },
};
