import type { Drift } from "@waybill/core/transport";
import { provisioning } from "@waybill/core/transport-kit";
import { configsOf } from "./topic-configs.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { canRead } from "../connection/protocol/records/compression.ts";
import { lanesAdvice } from "../errors.ts";
import type { WantedTopic } from "./create-topics.ts";

/** A topic, in DescribeConfigs. */
const TOPIC = 2;
const RETENTION = "retention.ms";
const COMPRESSION = "compression.type";

/** How the topics that exist differ from those that are wanted. */
export async function differences(
  cluster: Cluster,
  wanted: readonly WantedTopic[],
): Promise<readonly Drift[]> {
  const there = wanted.filter(({ name }) => cluster.partitionCountOf(name) > 0);
  return [
    ...there.flatMap((topic) => unlikePartitions(topic, cluster.partitionCountOf(topic.name))),
    ...(await unlikeConfigs(cluster, there)),
  ];
}

function unlikePartitions(
  { name, partitions, partitionRule, isExternal }: WantedTopic,
  actual: number,
): readonly Drift[] {
  if (partitionRule !== "exactly" || actual === partitions) return [];
  const drift = provisioning.different(`topic ${name}`, "partitions", {
    expected: String(partitions),
    actual: String(actual),
  });
  return [isExternal === true ? { ...drift, advice: lanesAdvice(actual) } : drift];
}

/** Of topics of ours. A user who may not ask for a topic's configuration cannot tell. */
async function unlikeConfigs(cluster: Cluster, there: readonly WantedTopic[]): Promise<readonly Drift[]> {
  const ours = new Map(
    there.filter(({ isExternal }) => isExternal !== true).map((topic) => [topic.name, topic]),
  );
  if (ours.size === 0) return [];
  const resources = await configsOf(
    cluster,
    [...ours.keys()].map((name) => ({ type: TOPIC, name, configNames: [RETENTION, COMPRESSION] })),
  );
  return resources.flatMap(({ resourceName, configEntries }) => {
    const topic = ours.get(resourceName);
    if (topic === undefined) return [];
    const value = (property: string): string | undefined =>
      configEntries.find(({ configName }) => configName === property)?.configValue ?? undefined;
    return [...shortened(topic, value(RETENTION)), ...unreadable(topic, value(COMPRESSION))];
  });
}

/** Records that are kept for less long than they are wanted for. */
function shortened({ name, retentionMs }: WantedTopic, value: string | undefined): readonly Drift[] {
  if (value === undefined) return [];
  const actual = Number(value);
  const expected = retentionMs ?? -1;
  if (actual === -1 || (expected !== -1 && actual >= expected)) return [];
  return [provisioning.different(`topic ${name}`, RETENTION, { expected: String(expected), actual: value })];
}

/** The broker compresses whatever is written to the topic, in a way that this process could not read. */
function unreadable({ name }: WantedTopic, value: string | undefined): readonly Drift[] {
  if (value === undefined || canRead(value)) return [];
  const advice = `Set ${COMPRESSION} of the topic to producer, or register a codec for ${value} in kafkajs' CompressionCodecs before the bus starts.`;
  return [
    {
      ...provisioning.different(`topic ${name}`, COMPRESSION, { expected: "producer", actual: value }),
      advice,
    },
  ];
}
