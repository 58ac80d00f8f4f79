import { isMessagingError } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { ending, refusalOf } from "../../kit/refusal.ts";
import { shown, smallTopology } from "../../kit/generate/topologies.ts";
import type { Scenario } from "../../scenario.ts";

export const verifyCreatesNothing: Scenario = {
  name: "verify names what is missing and creates none of it",
  async run(stage) {
    const transport = await stage.instance();
    const topology = smallTopology(stage.names);
    const verify = () => stage.time.finish("verify", transport.provision(topology, "verify"));
    const queue = topology.queues[0]?.name ?? "";
    const topic = topology.topics[0]?.name ?? "";
    // Twice: what the first had created, the second would not miss.
    for (const drift of [await verify(), await verify()]) {
      for (const name of [queue, topic])
        claim(
          drift.some(({ kind, entity }) => kind === "missing" && entity.includes(name)),
          () => `${name} is missing, verify said ${shown(drift)}.`,
        );
      claim(
        drift.every(({ kind }) => kind === "missing"),
        () => `Everything is missing, verify said ${shown(drift)}.`,
      );
    }
    const source = {
      kind: "queue",
      name: queue,
      group: topology.services[0] ?? "",
      lanes: undefined,
    } as const;
    const refusal = await refusalOf(stage, () => stage.consume(transport, source));
    claim(
      isMessagingError(refusal, "unroutable"),
      () => `Subscribing to what was only verified ended with ${ending(refusal)}.`,
    );
  },
};
