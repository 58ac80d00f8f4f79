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

/** The options of provisioning. */
export interface ProvisionOptions extends Omit<WantedTopicsOptions, "partitionCountOf"> {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly names: Names;
  /** How many brokers hold each record; -1 for the broker's default. */
  readonly replication: number;
  readonly warn: Warn;
}

/**
 * Creates the missing topics and the initial offsets of groups, or only verifies them. Returns the drift. When an existing
 * topic is different, nothing is created.
 * @throws MessagingError `provisioning-failed`, `not-permitted`, `disconnected`
 */
export async function provision(
  options: ProvisionOptions,
  topology: Topology,
  mode: "apply" | "verify",
): Promise<readonly Drift[]> {
  const { cluster } = options;
  const wanting = { ...options, partitionCountOf: (topic: string) => cluster.partitionCountOf(topic) };
  const all = wantedTopics(topology, wanting).map(({ name }) => name);
  if (all.length === 0) return [];
  try {
    await repeatRequest({ clock: cluster.clock, before: () => undefined }, () => cluster.lookUp(all));
    // The partitions of external topics are known only now.
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
 * Creates the group's own topics last, after the initial offsets: a group whose own topic exists is not new. A process that
 * dies before leaves a group that is still new, not one that seems to have lost its offsets.
 */
async function apply(
  options: ProvisionOptions,
  { groups }: Topology,
  { wanted, missing }: Topics,
): Promise<void> {
  const { cluster, environment, names, replication, warn } = options;
  const groupTopics = new Set(groups.map(({ topic, group }) => names.groupTopic(topic, group)));
  const known = new Set(
    [...groupTopics].filter((ownTopic) => !missing.some(({ name }) => name === ownTopic)),
  );
  // A new broker creates its offsets topic at the first request for a group. This request comes before the creation of
  // our topics, which would delay it.
  const [one] = groups;
  if (missing.length > 0 && one !== undefined)
    await committedOf(cluster, groupId(names.topic(one.topic), one.group), []);
  const first = missing.filter(({ name }) => !groupTopics.has(name));
  await createTopics(cluster, environment, { wanted: first, replication });
  for (const group of groups)
    await setInitialOffsets(group, { cluster, names, warn, isKnown: (ownTopic) => known.has(ownTopic) });
  const last = missing.filter(({ name }) => groupTopics.has(name));
  await createTopics(cluster, environment, { wanted: last, replication });
  await addPartitions(
    cluster,
    environment,
    wanted.filter((topic) => tooFew(topic, cluster).length > 0),
  );
}

/** Returns the drift of an own topic with fewer partitions than the topic it belongs to, to which partitions were added. */
function tooFew({ name, partitions, partitionRule }: WantedTopic, cluster: Cluster): readonly Drift[] {
  const actual = cluster.partitionCountOf(name);
  if (partitionRule !== "at least" || actual === 0 || actual >= partitions) return [];
  const found = { expected: `at least ${partitions}`, actual: String(actual) };
  return [provisioning.different(`topic ${name}`, "partitions", found)];
}
