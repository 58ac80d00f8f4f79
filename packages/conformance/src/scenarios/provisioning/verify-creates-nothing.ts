import { isMessagingError } from "@waybill/core/transport";
import { driftText, smallTopology } from "../../kit/generate/topologies.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { describeEnd, refusalOf } from "../../kit/refusal.ts";
import type { Scenario } from "../../scenario.ts";

export const verifyCreatesNothing: Scenario = {
  name: "verify names every missing entity and creates none of them",
  async run(stage) {
    const transport = await stage.instance();
    const topology = smallTopology(stage.names);
    const verify = () => stage.time.finish("verify", transport.provision(topology, "verify"));
    const queue = topology.queues[0]?.name ?? "";
    const topic = topology.topics[0]?.name ?? "";
    // Twice: if the first verify had created an entity, the second would not report it as missing.
    for (const drift of [await verify(), await verify()]) {
      for (const name of [queue, topic])
        assertThat(
          drift.some(({ kind, entity }) => kind === "missing" && entity.includes(name)),
          () => `${name} is missing, but verify reported ${driftText(drift)}.`,
        );
      assertThat(
        drift.every(({ kind }) => kind === "missing"),
        () => `All entities are missing, but verify reported ${driftText(drift)}.`,
      );
    }
    const source = {
      kind: "queue",
      name: queue,
      group: topology.services[0] ?? "",
      lanes: undefined,
    } as const;
    const refusal = await refusalOf(stage, () => stage.consume(transport, source));
    assertThat(
      isMessagingError(refusal, "unroutable"),
      () => `Subscribing to a queue that was only verified ended with ${describeEnd(refusal)}.`,
    );
  },
};
