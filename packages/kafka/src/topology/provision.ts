import type { Drift, Environment, Topology } from "@waybill/core/transport";
import { provisioning } from "@waybill/core/transport-kit";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { differences } from "./drift.ts";
import { provisioningError } from "../errors.ts";
import { groupId, type Names } from "./names.ts";
import type { Warn } from "../warnings.ts";
import { committedOf } from "../consume/offsets/committed-offsets.ts";
import { repeatRequest } from "../connection/repeat-request.ts";
import { setInitialOffsets } from "../consume/offsets/initial-offsets.ts";
import { createTopics, addPartitions, type WantedTopic } from "./create-topics.ts";
import { wantedTopics, type WantedTopicsOptions } from "./wanted-topics.ts";

/** What provisioning works with. */
export interface Provisioning extends Omit<WantedTopicsOptions, "partitionCountOf"> {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly names: Names;
  /** How many brokers hold each record; -1: as the broker is set up. */
  readonly replication: number;
  readonly warn: Warn;
}

/**
 * Creates what is missing, or only says so. Where something that exists is not as wanted, nothing is created.
 * @throws MessagingError `provisioning-failed`, `not-permitted`, `disconnected`
 */
export async function provision(
  options: Provisioning,
  topology: Topology,
  mode: "apply" | "verify",
): Promise<readonly Drift[]> {
  const { cluster } = options;
  const wanting = { ...options, partitionCountOf: (topic: string) => cluster.partitionCountOf(topic) };
  const all = wantedTopics(topology, wanting).map(({ name }) => name);
  if (all.length === 0) return [];
  try {
    await repeatRequest({ clock: cluster.clock, before: () => undefined }, () => cluster.lookUp(all));
    // What somebody else's topics are like is known only now.
    const wanted = wantedTopics(topology, wanting);
    const missing = wanted.filter(({ name }) => cluster.partitionCountOf(name) === 0);
    const drift = await differences(cluster, wanted);
    if (mode === "verify")
      return [
        ...missing.map(({ name }) => provisioning.missing(`topic ${name}`)),
        ...drift,
        ...wanted.flatMap((topic) => tooFew(topic, cluster)),
      ];
    if (drift.length === 0) await apply(options, topology, { wanted, missing });
    return drift;
  } catch (error) {
    throw provisioningError(`the topics ${all.slice(0, 5).join(", ")}${all.length > 5 ? " …" : ""}`, error);
  }
}

interface Topics {
  readonly wanted: readonly WantedTopic[];
  readonly missing: readonly WantedTopic[];
}

/**
 * A group's own topic says that the group is no new one. So it comes last: a process that dies before leaves a group that
 * is still new, and not one that seems to have lost its place.
 */
async function apply(
  options: Provisioning,
  { groups }: Topology,
  { wanted, missing }: Topics,
): Promise<void> {
  const { cluster, environment, names, replication, warn } = options;
  const owns = new Set(groups.map(({ topic, group }) => names.groupTopic(topic, group)));
  const known = new Set([...owns].filter((ownTopic) => !missing.some(({ name }) => name === ownTopic)));
  // A new broker makes its place for groups when it is first asked for one: before it is busy with our topics.
  const [one] = groups;
  if (missing.length > 0 && one !== undefined)
    await committedOf(cluster, groupId(names.topic(one.topic), one.group), []);
  const first = missing.filter(({ name }) => !owns.has(name));
  await createTopics(cluster, environment, { wanted: first, replication });
  for (const group of groups)
    await setInitialOffsets(group, { cluster, names, warn, isKnown: (ownTopic) => known.has(ownTopic) });
  const last = missing.filter(({ name }) => owns.has(name));
  await createTopics(cluster, environment, { wanted: last, replication });
  await addPartitions(
    cluster,
    environment,
    wanted.filter((topic) => tooFew(topic, cluster).length > 0),
  );
}

/** A topic of ours whose partitions are fewer than those of the topic that it belongs to, which has grown. */
function tooFew({ name, partitions, partitionRule }: WantedTopic, cluster: Cluster): readonly Drift[] {
  const actual = cluster.partitionCountOf(name);
  if (partitionRule !== "at least" || actual === 0 || actual >= partitions) return [];
  const found = { expected: `at least ${partitions}`, actual: String(actual) };
  return [provisioning.different(`topic ${name}`, "partitions", found)];
}
