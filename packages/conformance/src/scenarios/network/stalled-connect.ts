import { isMessagingError } from "@waybill/core/transport";
import { inBackground } from "../../kit/in-background.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { describeEnd, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

/** The TCP connection opens, but the broker never sends a byte. */
export const stalledConnect: Scenario = {
  name: "connecting to a broker that accepts the connection but stays silent fails once the signal aborts",
  faults: ["stall"],
  async run(stage) {
    const transport = await stage.unconnected();
    await stage.fault("stall")(transport);
    const giveUp = new AbortController();
    const connecting = inBackground(refusalOf(stage, () => transport.connect(giveUp.signal)));
    await stage.time.elapse(stage.pace.delayMs);
    const aborted = stage.time.now();
    giveUp.abort(new Error("it takes too long"));
    const refusal = await connecting;
    const took = stage.time.now() - aborted;
    assertThat(
      isMessagingError(refusal, "connect-failed"),
      () => `connect to a silent broker ended with ${describeEnd(refusal)}.`,
    );
    assertThat(took <= stage.pace.slackMs, () => `connect ended ${took} ms after its signal had aborted.`);
    await stage.time.finish("close", transport.close(stage.time.now()));
  },
};
