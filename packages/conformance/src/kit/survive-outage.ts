import { makeQueue } from "./generate/destinations.ts";
import { assertOnlyPublished, awaitDelivered } from "./observe/invariants.ts";
import { watchStates, type States } from "./observe/states.ts";
import type { Stage } from "./stage.ts";
import { underLoad } from "./under-load.ts";

/**
 * Runs an outage of the broker while a publisher and a consumer are under load. Checks that both recover, and that every
 * confirmed message and no other one is delivered.
 * @param recovered waits until a transport has recovered, by default from a lost connection
 */
export async function surviveOutage(
  stage: Stage,
  outage: () => Promise<void>,
  recovered: (states: States) => Promise<void> = ({ untilBack }) => untilBack(),
): Promise<void> {
  const publisher = await stage.instance();
  const member = await stage.instance();
  const queue = await makeQueue(stage, publisher);
  await stage.consume(member, queue.source);
  const states = [watchStates(stage, publisher), watchStates(stage, member)];
  await underLoad(stage, { publisher, queue }, outage);
  for (const each of states) await recovered(each);
  await awaitDelivered(stage, queue.group, stage.history.confirmed());
  assertOnlyPublished(stage.history, queue.group);
}
