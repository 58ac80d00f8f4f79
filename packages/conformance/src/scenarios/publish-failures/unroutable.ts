import type { Destination } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { makeTopic } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** Nothing is created by publishing to it, and nothing is swallowed. */
export const unroutable: Scenario = {
  name: "a message to what nobody provisioned is refused as unroutable and not stored",
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
      // Twice: the first must not have created it.
      for (const message of [stage.message({ to }), stage.message({ to })]) {
        const [result] = await stage.publish(transport, [message]);
        claim(
          result?.ok === false && result.error.code === "unroutable" && !result.error.maybeStored,
          () => `Publishing to the missing ${JSON.stringify(to)} was answered ${JSON.stringify(result)}.`,
        );
      }
    }
  },
};
