import { claimExactlyEach } from "../../kit/observe/invariants.ts";
import { topologyOf } from "../../kit/generate/topologies.ts";
import type { Scenario } from "../../scenario.ts";

/** Adapters join names with suffixes and replace characters that their broker refuses: here two could become one. */
export const namesStayApart: Scenario = {
  name: "names that look alike, and a queue and a topic of one name, stay apart",
  async run(stage) {
    const transport = await stage.instance();
    const base = stage.names.next("x");
    const names = ["_a", ".a", "-a", ".a.0", ".A", ".a.dead", ".a_queue", "_a.b", ".a_b", "_a_b"].map(
      (end) => base + end,
    );
    const groupOf = (name: string, kind: string) => `${name}.${kind}s`;
    // One after the other: a broker may compare a new name with those that it has.
    for (const name of names)
      await stage.provision(
        transport,
        topologyOf({
          queues: [{ name, lanes: undefined }],
          topics: [{ name, lanes: undefined, retainMs: undefined }],
          groups: [{ topic: name, group: groupOf(name, "topic"), lanes: undefined, from: "latest" }],
          services: [groupOf(name, "topic"), groupOf(name, "queue")],
        }),
      );
    const places = names.flatMap((name) => [
      { kind: "queue" as const, name, group: groupOf(name, "queue") },
      { kind: "topic" as const, name, group: groupOf(name, "topic") },
    ]);
    const wanted = new Map<string, readonly string[]>();
    for (const { kind, name, group } of places) {
      await stage.consume(transport, { kind, name, group, lanes: undefined });
      const message = stage.message({ to: { kind, name } });
      wanted.set(group, [message.id]);
      await stage.store(transport, [message]);
    }
    await claimExactlyEach(stage, wanted);
  },
};
