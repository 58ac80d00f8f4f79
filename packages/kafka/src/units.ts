import { ROOMS_MS } from "./rooms.ts";
import type { PartitionOf } from "./offsets.ts";
import type { Site } from "./sources.ts";

/**
 * What the members of a source divide among them. The partitions of one number in all its places go together: a key is
 * in the same lane of a topic and of the group's own copies, and must not be in two hands. The waiting rooms go singly.
 */
export function classesOf(site: Site, partitions: number): readonly (readonly string[])[] {
  const lanes = Array.from({ length: partitions }, (_, at) => `lane ${at}`);
  const rooms = site.later === undefined ? [] : ROOMS_MS.map((_, at) => `room ${at}`);
  return [lanes, rooms];
}

export function partitionsIn(site: Site, unit: string): readonly PartitionOf[] {
  const [kind, number] = unit.split(" ");
  const partition = Number(number);
  if (kind === "lane") return site.places.map((topic) => ({ topic, partition }));
  return site.later === undefined ? [] : [{ topic: site.later, partition }];
}

export function isRoom(unit: string): boolean {
  return unit.startsWith("room");
}
