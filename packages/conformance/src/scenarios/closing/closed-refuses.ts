import { isMessagingError } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { ending, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

export const closedRefuses: Scenario = {
  name: "a closed transport refuses to subscribe, as closed",
  async run(stage) {
    const keeper = await stage.instance();
    const queue = await makeQueue(stage, keeper);
    const transport = await stage.instance();
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    const refusal = await refusalOf(stage, () => stage.consume(transport, queue.source));
    claim(isMessagingError(refusal, "closed"), () => `Subscribing ended with ${ending(refusal)}.`);
  },
};
