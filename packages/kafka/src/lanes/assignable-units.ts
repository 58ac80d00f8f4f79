import { ROOMS_MS } from "../topology/delay-tiers.ts";
import type { PartitionOf } from "../consume/offsets/committed-offsets.ts";
import type { SourceTopics } from "../topology/sources.ts";

/** How many partitions a topic has, as it was last seen; 0 for one that does not exist. */
export type CountOf = (topic: string) => number;

/**
 * What the members of a source divide among them. The partitions of one number in all its places go together: a key is
 * in the same lane of a topic and of the group's own copies, and must not be in two hands. Where one place has more
 * partitions than another, the last lanes have fewer places. The waiting rooms go singly.
 */
export function classesOf(site: SourceTopics, countOf: CountOf): readonly (readonly string[])[] {
  const count = Math.max(...site.places.map(countOf));
  const lanes = Array.from({ length: count }, (_, at) => `lane ${at}`);
  const rooms = site.later === undefined ? [] : ROOMS_MS.map((_, at) => `room ${at}`);
  return [lanes, rooms];
}

/** The partitions of a unit that exist. */
export function partitionsIn(site: SourceTopics, countOf: CountOf, unit: string): readonly PartitionOf[] {
  const [kind, number] = unit.split(" ");
  const partition = Number(number);
  const topics = kind === "lane" ? site.places : site.later === undefined ? [] : [site.later];
  return topics.filter((topic) => partition < countOf(topic)).map((topic) => ({ topic, partition }));
}

export function isRoom(unit: string): boolean {
  return unit.startsWith("room");
}
