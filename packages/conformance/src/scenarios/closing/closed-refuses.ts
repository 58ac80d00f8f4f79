import { isMessagingError } from "@waybill/core/transport";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { describeEnd, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

export const closedRefuses: Scenario = {
  name: "a closed transport refuses subscribe with the error code closed",
  async run(stage) {
    const remaining = await stage.instance();
    const queue = await makeQueue(stage, remaining);
    const transport = await stage.instance();
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    const refusal = await refusalOf(stage, () => stage.consume(transport, queue.source));
    assertThat(
      isMessagingError(refusal, "closed"),
      () => `subscribe of a closed transport ended with ${describeEnd(refusal)}.`,
    );
  },
};
