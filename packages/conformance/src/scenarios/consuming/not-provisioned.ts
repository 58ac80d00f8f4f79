import { isMessagingError, type Source } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { ending, refusalOf } from "../../kit/refusal.ts";
import { ACKS } from "../../kit/consumer.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

export const notProvisioned: Scenario = {
  name: "subscribing to what was not provisioned is refused as unroutable and creates nothing",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport);
    const name = stage.names.next("nowhere");
    const group = topic.groups[0] ?? "";
    const sources: readonly Source[] = [
      { kind: "queue", name, group, lanes: undefined },
      { kind: "topic", name, group, lanes: undefined },
      { kind: "topic", name: topic.name, group: name, lanes: undefined },
      { kind: "dead-letters", group: name },
    ];
    for (const source of [...sources, ...sources]) {
      const refusal = await refusalOf(stage, () => stage.consume(transport, source, { answer: ACKS }));
      claim(
        isMessagingError(refusal, "unroutable"),
        () => `Subscribing to ${JSON.stringify(source)} ended with ${ending(refusal)}.`,
      );
    }
  },
};
