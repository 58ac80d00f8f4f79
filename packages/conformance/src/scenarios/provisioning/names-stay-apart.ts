import { topologyOf } from "../../kit/generate/topologies.ts";
import { assertExactlyEach } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** Adapters append suffixes to names and replace characters that their broker refuses: two names must not become one. */
export const namesStayApart: Scenario = {
  name: "similar names stay separate, and so do a queue and a topic of the same name",
  async run(stage) {
    const transport = await stage.instance();
    const base = stage.names.next("x");
    const names = ["_a", ".a", "-a", ".a.0", ".A", ".a.dead", ".a_queue", "_a.b", ".a_b", "_a_b"].map(
      (end) => base + end,
    );
    const groupOf = (name: string, kind: string) => `${name}.${kind}s`;
    // One after the other, because a broker may compare a new name with the existing ones.
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
    const destinations = names.flatMap((name) => [
      { kind: "queue" as const, name, group: groupOf(name, "queue") },
      { kind: "topic" as const, name, group: groupOf(name, "topic") },
    ]);
    const wanted = new Map<string, readonly string[]>();
    for (const { kind, name, group } of destinations) {
      await stage.consume(transport, { kind, name, group, lanes: undefined });
      const message = stage.message({ to: { kind, name } });
      wanted.set(group, [message.id]);
      await stage.store(transport, [message]);
    }
    await assertExactlyEach(stage, wanted);
  },
};
