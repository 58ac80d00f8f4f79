import { isMessagingError } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { ending, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

export const unreachable: Scenario = {
  name: "connecting to an address where nothing listens fails in time and names the address",
  faults: ["unreachable"],
  async run(stage) {
    const { transport, address } = await stage.fault("unreachable")();
    const refusal = await refusalOf(stage, () => transport.connect(new AbortController().signal));
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    claim(
      isMessagingError(refusal, "connect-failed") && refusal.message.includes(address),
      () => `Connecting to ${address} ended with ${ending(refusal)}.`,
    );
  },
};
