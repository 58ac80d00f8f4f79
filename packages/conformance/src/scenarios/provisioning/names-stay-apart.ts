import { claimExactlyEach } from "../../kit/invariants.ts";
import { topologyOf } from "../../kit/topologies.ts";
import type { Scenario } from "../../scenario.ts";

/** Adapters join names with suffixes and replace characters that their broker refuses: here two could become one. */
export const namesStayApart: Scenario = {
  name: "names that look alike, and a queue and a topic of one name, stay apart",
  async run(stage) {
    const transport = await stage.instance();
    const base = stage.names.next("x");
    const names = [`${base}.a`, `${base}-a`, `${base}_a`, `${base}.a.0`, `${base}.A`, `${base}.a.dead`];
    const groupOf = (name: string, kind: string) => `${name}.${kind}s`;
    await stage.provision(
      transport,
      topologyOf({
        queues: names.map((name) => ({ name, lanes: undefined })),
        topics: names.map((name) => ({ name, lanes: undefined, retainMs: undefined })),
        groups: names.map((topic) => ({
          topic,
          group: groupOf(topic, "topic"),
          lanes: undefined,
          from: "latest" as const,
        })),
        services: names.flatMap((name) => [groupOf(name, "topic"), groupOf(name, "queue")]),
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
