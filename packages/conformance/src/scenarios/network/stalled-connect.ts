import { isMessagingError } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { meanwhile } from "../../kit/meanwhile.ts";
import { ending, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

/** The address answers and the broker never says a word. */
export const stalledConnect: Scenario = {
  name: "connecting to a broker that takes the connection and says nothing fails once the signal aborts",
  faults: ["stall"],
  async run(stage) {
    const transport = await stage.unconnected();
    await stage.fault("stall")(transport);
    const giveUp = new AbortController();
    const connecting = meanwhile(refusalOf(stage, () => transport.connect(giveUp.signal)));
    await stage.time.elapse(stage.pace.delayMs);
    const aborted = stage.time.now();
    giveUp.abort(new Error("it takes too long"));
    const refusal = await connecting;
    const took = stage.time.now() - aborted;
    claim(
      isMessagingError(refusal, "connect-failed"),
      () => `Connecting into silence ended with ${ending(refusal)}.`,
    );
    claim(
      took <= stage.pace.slackMs,
      () => `Connecting went on for ${took} ms after its signal had aborted.`,
    );
    await stage.time.finish("close", transport.close(stage.time.now()));
  },
};
