import type { Drift } from "@waybill/core/transport";
import { provisioning } from "@waybill/core/transport-kit";
import { configsOf } from "./topic-configs.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { canRead } from "../connection/protocol/records/compression.ts";
import { lanesAdvice } from "../errors.ts";
import type { WantedTopic } from "./create-topics.ts";

/** The resource type of a topic in DescribeConfigs. */
const TOPIC = 2;
const RETENTION = "retention.ms";
const COMPRESSION = "compression.type";

/** Returns the differences between the existing topics and the wanted ones. Missing topics are not among them. */
export async function differences(
  cluster: Cluster,
  wanted: readonly WantedTopic[],
): Promise<readonly Drift[]> {
  const existing = wanted.filter(({ name }) => cluster.partitionCountOf(name) > 0);
  return [
    ...existing.flatMap((topic) => differentPartitions(topic, cluster.partitionCountOf(topic.name))),
    ...(await differentConfigs(cluster, existing)),
  ];
}

function differentPartitions(
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

/** Compares the configuration of our own topics. Without permission to read it, there is no difference to report. */
async function differentConfigs(
  cluster: Cluster,
  existing: readonly WantedTopic[],
): Promise<readonly Drift[]> {
  const ours = new Map(
    existing.filter(({ isExternal }) => isExternal !== true).map((topic) => [topic.name, topic]),
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
    return [
      ...shorterRetention(topic, value(RETENTION)),
      ...unreadableCompression(topic, value(COMPRESSION)),
    ];
  });
}

function shorterRetention({ name, retentionMs }: WantedTopic, value: string | undefined): readonly Drift[] {
  if (value === undefined) return [];
  const actual = Number(value);
  const expected = retentionMs ?? -1;
  if (actual === -1 || (expected !== -1 && actual >= expected)) return [];
  return [provisioning.different(`topic ${name}`, RETENTION, { expected: String(expected), actual: value })];
}

/** The broker compresses the records of the topic with a codec that this process does not have. */
function unreadableCompression({ name }: WantedTopic, value: string | undefined): readonly Drift[] {
  if (value === undefined || canRead(value)) return [];
  const advice = `Set ${COMPRESSION} of the topic to producer, or register a codec for ${value} in kafkajs' CompressionCodecs before the bus starts.`;
  return [
    {
      ...provisioning.different(`topic ${name}`, COMPRESSION, { expected: "producer", actual: value }),
      advice,
    },
  ];
}
