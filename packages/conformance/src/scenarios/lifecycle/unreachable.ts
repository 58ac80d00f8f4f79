import { isMessagingError } from "@waybill/core/transport";
import { assertThat } from "../../kit/observe/assert.ts";
import { describeEnd, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

export const unreachable: Scenario = {
  name: "connecting to an address where nothing listens fails in time with an error that names the address",
  faults: ["unreachable"],
  async run(stage) {
    const { transport, address } = await stage.fault("unreachable")();
    const refusal = await refusalOf(stage, () => transport.connect(new AbortController().signal));
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    assertThat(
      isMessagingError(refusal, "connect-failed") && refusal.message.includes(address),
      () => `connect to ${address} ended with ${describeEnd(refusal)}.`,
    );
  },
};
