import { isMessagingError } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { ending, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

export const connectAborted: Scenario = {
  name: "connect with an aborted signal fails as connect-failed and can be closed",
  async run(stage) {
    const transport = await stage.unconnected();
    const refusal = await refusalOf(stage, () =>
      transport.connect(AbortSignal.abort(new Error("changed my mind"))),
    );
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    claim(
      isMessagingError(refusal, "connect-failed"),
      () => `Connecting with an aborted signal ended with ${ending(refusal)}.`,
    );
  },
};
