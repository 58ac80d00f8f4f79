import { isMessagingError, type Source } from "@waybill/core/transport";
import { ACKNOWLEDGES } from "../../kit/consumer.ts";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { describeEnd, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

export const notProvisioned: Scenario = {
  name: "subscribing to a source that was never provisioned is refused as unroutable and creates nothing",
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
      const refusal = await refusalOf(stage, () =>
        stage.consume(transport, source, { handler: ACKNOWLEDGES }),
      );
      assertThat(
        isMessagingError(refusal, "unroutable"),
        () => `Subscribing to the missing ${JSON.stringify(source)} ended with ${describeEnd(refusal)}.`,
      );
    }
  },
};
