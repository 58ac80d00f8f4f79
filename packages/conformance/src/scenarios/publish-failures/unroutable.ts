import type { Destination } from "@waybill/core/transport";
import { makeTopic } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/** Publishing to a missing destination neither creates it nor drops the message silently. */
export const unroutable: Scenario = {
  name: "a message to a destination that was never provisioned is refused as unroutable and not stored",
  async run(stage) {
    const transport = await stage.instance();
    const topic = await makeTopic(stage, transport);
    const nowhere = stage.names.next("nowhere");
    const destinations: readonly Destination[] = [
      { kind: "queue", name: nowhere },
      { kind: "topic", name: nowhere },
      { kind: "group", topic: topic.name, group: nowhere },
      { kind: "group", topic: nowhere, group: nowhere },
    ];
    for (const to of destinations) {
      // Twice, because the first publish must not have created the destination.
      for (const message of [stage.message({ to }), stage.message({ to })]) {
        const [result] = await stage.publish(transport, [message]);
        assertThat(
          result?.ok === false && result.error.code === "unroutable" && !result.error.maybeStored,
          () => `Publishing to the missing ${JSON.stringify(to)} returned ${JSON.stringify(result)}.`,
        );
      }
    }
  },
};
