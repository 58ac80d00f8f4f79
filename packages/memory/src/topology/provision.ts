import type { Drift, Topology } from "@waybill/core/transport";
import { provisioning } from "@waybill/core/transport-kit";
import type { Entities } from "./entities.ts";
import { Queue, type QueueHost } from "../consume/queue.ts";
import { Topic } from "./topic.ts";

/** The parts of a broker that provisioning uses. */
export interface ProvisionContext {
  readonly entities: Entities;
  readonly host: QueueHost;
  readonly now: number;
}

/**
 * Creates the missing queues and topics, or only reports them in mode `verify`. Existing ones are never changed. Further
 * queues and topics are not reported, because other processes provision theirs on the same broker.
 */
export function provision(
  { entities, host, now }: ProvisionContext,
  topology: Topology,
  mode: "apply" | "verify",
): readonly Drift[] {
  const { queues, topics } = entities;
  const drift: Drift[] = [];
  const ensure = (entity: string, exists: boolean, create: () => void): void => {
    if (exists) return;
    if (mode === "apply") create();
    else drift.push(provisioning.missing(entity));
  };
  const compare = (
    entity: string,
    property: string,
    [expected, actual]: readonly (number | undefined)[],
  ): void => {
    if (expected !== actual)
      drift.push(
        provisioning.different(entity, property, { expected: text(expected), actual: text(actual) }),
      );
  };

  for (const { name, lanes } of topology.queues) {
    const found = queues.get(name);
    ensure(`queue ${name}`, found !== undefined, () => queues.set(name, new Queue(lanes, host)));
    if (found !== undefined) compare(`queue ${name}`, "lanes", [lanes, found.lanes]);
  }
  for (const spec of topology.topics) {
    const found = topics.get(spec.name)?.spec;
    ensure(`topic ${spec.name}`, found !== undefined, () => topics.set(spec.name, new Topic(spec)));
    if (found === undefined) continue;
    compare(`topic ${spec.name}`, "lanes", [spec.lanes, found.lanes]);
    compare(`topic ${spec.name}`, "retainMs", [spec.retainMs, found.retainMs]);
  }
  for (const { topic, group, lanes, from } of topology.groups) {
    const entity = `group ${group} of topic ${topic}`;
    const found = topics.get(topic)?.groups.get(group);
    ensure(entity, found !== undefined, () => {
      topics.get(topic)?.addGroup(group, new Queue(topics.get(topic)?.spec.lanes, host), { from, now });
    });
    if (found !== undefined) compare(entity, "lanes", [lanes, found.lanes]);
  }
  for (const service of topology.services)
    ensure(`dead letters of ${service}`, entities.deadLetters.has(service), () =>
      deadLettersOf(entities, service, host),
    );
  return drift;
}

/** Returns the dead-letter queue of a service. Creates it if it was not provisioned. */
export function deadLettersOf({ deadLetters }: Entities, group: string, host: QueueHost): Queue {
  let queue = deadLetters.get(group);
  if (queue === undefined) deadLetters.set(group, (queue = new Queue(undefined, host)));
  return queue;
}

function text(value: number | undefined): string {
  return value === undefined ? "none" : String(value);
}
