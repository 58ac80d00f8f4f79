import { TIERS_MS } from "../topology/delay-tiers.ts";
import type { PartitionCountOf, SourceTopics } from "../topology/sources.ts";
import type { TopicPartition } from "../topology/topic-partition.ts";

/**
 * Returns the units that the members of a source share, in two classes: lanes and delay tiers. The partitions with one
 * number, of all message topics, are one unit: a key has the same lane in a topic and in the group's own topic, and
 * must have one owner. Where a topic has fewer partitions than another, the last lanes have no partition of it. Each
 * delay tier is a unit of its own.
 */
export function assignableUnits(
  sourceTopics: SourceTopics,
  partitionCountOf: PartitionCountOf,
): readonly (readonly string[])[] {
  const count = Math.max(...sourceTopics.messageTopics.map(partitionCountOf));
  const lanes = Array.from({ length: count }, (_, at) => `lane ${at}`);
  const tiers = sourceTopics.delayTopic === undefined ? [] : TIERS_MS.map((_, at) => `tier ${at}`);
  return [lanes, tiers];
}

/** Returns the partitions of a unit that exist. */
export function partitionsIn(
  { messageTopics, delayTopic }: SourceTopics,
  partitionCountOf: PartitionCountOf,
  unit: string,
): readonly TopicPartition[] {
  const [kind, number] = unit.split(" ");
  const partition = Number(number);
  const topics = kind === "lane" ? messageTopics : delayTopic === undefined ? [] : [delayTopic];
  return topics.filter((topic) => partition < partitionCountOf(topic)).map((topic) => ({ topic, partition }));
}

/** Whether a unit is a delay tier. */
export function isTier(unit: string): boolean {
  return unit.startsWith("tier");
}
