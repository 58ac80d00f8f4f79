import { topologyOf } from "../../kit/generate/topologies.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Stage } from "../../kit/stage.ts";
import type { Scenario } from "../../scenario.ts";

/** Core's length limit for names; adapters add their suffixes to a name of this length. */
const LONGEST = 100;

export const namesAtTheLimits: Scenario = {
  name: "names of a hundred characters with digits, capitals, dots, hyphens and underscores work everywhere",
  async run(stage) {
    await work(stage, (word) => `${stage.names.next(word)}-Z9_`.padEnd(LONGEST, "x"));
    // An adapter may have to write a dot or an underscore as several characters.
    await work(stage, (word) => `${stage.names.next(word)}.`.padEnd(LONGEST - 1, "a_").replace(/_?$/, "b"));
  },
};

async function work(stage: Stage, long: (word: string) => string): Promise<void> {
  const transport = await stage.instance();
  const topic = long("topic");
  const queue = long("queue");
  const group = long("group");
  await stage.provision(
    transport,
    topologyOf({
      queues: [{ name: queue, lanes: undefined }],
      topics: [{ name: topic, lanes: undefined, retainMs: undefined }],
      groups: [{ topic, group, lanes: undefined, from: "latest" }],
      services: [group],
    }),
  );
  const event = stage.message({ to: { kind: "topic", name: topic } });
  const command = stage.message({ to: { kind: "queue", name: queue } });
  await stage.store(transport, [event, command]);
  await stage.consume(transport, { kind: "topic", name: topic, group, lanes: undefined });
  await stage.consume(transport, { kind: "queue", name: queue, group, lanes: undefined });
  await assertExactly(stage, group, [event.id, command.id]);
}
