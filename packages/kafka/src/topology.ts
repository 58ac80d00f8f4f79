import type { Drift, Ground, Topology } from "@waybill/core/transport";
import { CODE } from "./driver/codes.ts";
import type { Cluster } from "./driver/cluster.ts";
import { configsOf } from "./configs.ts";
import { provisioningError } from "./errors.ts";
import { ROOMS_MS } from "./rooms.ts";
import { deadLettersName, laterName, type Names } from "./names.ts";
import type { Tell } from "./notices.ts";
import { patiently } from "./patience.ts";
import { placeGroup } from "./placing.ts";
import { createTopics, type WantedTopic } from "./topics.ts";

/** For the headers that a message gets when it waits or is given up, so that the largest can be. */
const HEADROOM = 65_536;

/** What provisioning works with. */
export interface Provisioning {
  readonly cluster: Cluster;
  readonly ground: Ground;
  readonly names: Names;
  /** Of what has no order. */
  readonly partitions: number;
  /** How many brokers hold each record; -1: as the broker is set up. */
  readonly replication: number;
  /** How long events are kept at least, so that a group that is away misses none. */
  readonly retentionMs: number;
  /** What the broker takes in one batch. */
  readonly batchBytes: number;
  readonly tell: Tell;
}

/** Creates what is missing, or only says so; what exists is never changed. @throws MessagingError `provisioning-failed`, `not-permitted`, `disconnected` */
export async function provision(
  site: Provisioning,
  topology: Topology,
  mode: "apply" | "verify",
): Promise<readonly Drift[]> {
  const wanted = topicsOf(topology, site);
  const all = wanted.map(({ name }) => name);
  const { cluster } = site;
  try {
    if (all.length > 0)
      await patiently({ clock: cluster.clock, before: () => undefined }, () => cluster.lookUp(all));
    const missing = wanted.filter(({ name }) => cluster.topic(name) === undefined);
    if (mode === "verify" && missing.length > 0)
      return [...missing.map(({ name }) => missingTopic(name)), ...different(site, wanted)];
    if (mode === "apply") await apply(site, topology, missing);
    return [...different(site, wanted), ...(await shortened(site, wanted))];
  } catch (error) {
    throw provisioningError(`the topics ${all.slice(0, 5).join(", ")}${all.length > 5 ? " …" : ""}`, error);
  }
}

/**
 * A group's own topic says that the group is no new one. So it comes last: a process that dies before leaves a group that
 * is still new, and not one that seems to have lost its place.
 */
async function apply(
  site: Provisioning,
  { groups }: Topology,
  missing: readonly WantedTopic[],
): Promise<void> {
  const { cluster, ground, names, replication, tell } = site;
  const fresh = new Set(groups.map(({ topic, group }) => names.own(topic, group)));
  const known = new Set([...fresh].filter((own) => !missing.some(({ name }) => name === own)));
  const first = missing.filter(({ name }) => !fresh.has(name));
  await createTopics(cluster, ground, { wanted: first, replication });
  for (const group of groups)
    await placeGroup(group, { cluster, names, tell, isKnown: (own) => known.has(own) });
  const last = missing.filter(({ name }) => fresh.has(name));
  await createTopics(cluster, ground, { wanted: last, replication });
}

function topicsOf(
  topology: Topology,
  { partitions, retentionMs, names, batchBytes }: Provisioning,
): readonly WantedTopic[] {
  const largest = batchBytes + HEADROOM;
  const rooms = (place: string): WantedTopic => ({
    name: laterName(place),
    partitions: ROOMS_MS.length,
    retentionMs: undefined,
    largest,
  });
  const all = [
    ...topology.queues.flatMap(({ name, lanes }) => [
      { name: names.queue(name), partitions: lanes ?? partitions, retentionMs: undefined },
      rooms(names.queue(name)),
    ]),
    ...topology.topics.map(({ name, lanes, retainMs }) => ({
      name: names.topic(name),
      partitions: lanes ?? partitions,
      retentionMs: Math.max(retainMs ?? 0, retentionMs),
    })),
    ...topology.groups.flatMap(({ topic, group, lanes }) => [
      { name: names.own(topic, group), partitions: lanes ?? partitions, retentionMs: undefined },
      rooms(names.own(topic, group)),
    ]),
    ...topology.services.map((service) => ({
      name: deadLettersName(service),
      partitions: 1,
      retentionMs: undefined,
      largest,
    })),
  ];
  return [...new Map(all.map((topic) => [topic.name, topic])).values()];
}

function missingTopic(name: string): Drift {
  return {
    kind: "missing",
    entity: `topic ${name}`,
    property: undefined,
    expected: undefined,
    actual: undefined,
  };
}

function different({ cluster }: Provisioning, wanted: readonly WantedTopic[]): readonly Drift[] {
  return wanted.flatMap(({ name, partitions }) => {
    const actual = cluster.topic(name)?.length;
    return actual === undefined || actual === partitions
      ? []
      : [
          {
            kind: "different" as const,
            entity: `topic ${name}`,
            property: "partitions",
            expected: String(partitions),
            actual: String(actual),
          },
        ];
  });
}

/** Records that are kept for less long than they are wanted for. Who may not ask for a topic's configuration cannot tell. */
async function shortened(
  { cluster, names }: Provisioning,
  wanted: readonly WantedTopic[],
): Promise<readonly Drift[]> {
  if (wanted.length === 0) return [];
  const resources = await configsOf(
    cluster,
    wanted.map(({ name }) => ({ type: 2, name, configNames: ["retention.ms"] })),
  );
  return resources.flatMap(({ errorCode, resourceName, configEntries }) => {
    const topic = wanted.find(({ name }) => name === resourceName);
    const value = configEntries.find(({ configName }) => configName === "retention.ms")?.configValue;
    if (
      errorCode !== CODE.none ||
      topic === undefined ||
      names.isOther(topic.name) ||
      value === undefined ||
      value === null
    )
      return [];
    const actual = Number(value);
    const expected = topic.retentionMs ?? -1;
    if (actual === -1 || (expected !== -1 && actual >= expected)) return [];
    return [
      {
        kind: "different" as const,
        entity: `topic ${resourceName}`,
        property: "retention.ms",
        expected: String(expected),
        actual: value,
      },
    ];
  });
}
