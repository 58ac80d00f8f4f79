import { isMessagingError } from "@waybill/core/transport";
import { assertThat } from "../../kit/observe/assert.ts";
import { describeEnd, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

export const connectAborted: Scenario = {
  name: "connect with an aborted signal fails as connect-failed, and the transport can be closed",
  async run(stage) {
    const transport = await stage.unconnected();
    const refusal = await refusalOf(stage, () =>
      transport.connect(AbortSignal.abort(new Error("changed my mind"))),
    );
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    assertThat(
      isMessagingError(refusal, "connect-failed"),
      () => `connect with an aborted signal ended with ${describeEnd(refusal)}.`,
    );
  },
};
