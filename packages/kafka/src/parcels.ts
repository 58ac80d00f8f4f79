import type { NewRecord } from "./driver/protocol.ts";
import type { Route } from "./routes.ts";

/** A record on its way. */
export interface Outgoing {
  readonly route: Route;
  readonly record: NewRecord;
  readonly size: number;
}

/** A record with its place in a batch and its partition. */
export interface Placed extends Outgoing {
  readonly at: number;
  readonly partition: number;
}

/** What goes to one partition in one request: stored as a whole or not at all. */
export interface Parcel {
  readonly topic: string;
  readonly partition: number;
  readonly entries: readonly Placed[];
}

/**
 * Packs records for sending: rounds that follow one another, with one parcel at most for each partition. The broker limits
 * what it takes in one piece, which is all records for a partition together (`max.message.bytes`).
 */
export function packed(placed: readonly Placed[], mostBytes: number): readonly (readonly Parcel[])[] {
  const partitions = new Map<string, Placed[][]>();
  const sizes = new Map<string, number>();
  for (const each of placed) {
    const name = partitionName(each.route.topic, each.partition);
    const parcels = partitions.get(name);
    const size = sizes.get(name) ?? 0;
    if (parcels === undefined) partitions.set(name, [[each]]);
    else if (size + each.size > mostBytes) parcels.push([each]);
    else parcels.at(-1)?.push(each);
    sizes.set(name, parcels === undefined || size + each.size > mostBytes ? each.size : size + each.size);
  }
  const rounds: Parcel[][] = [];
  for (const parcels of partitions.values())
    for (const [round, entries] of parcels.entries()) {
      const [first] = entries;
      if (first !== undefined)
        (rounds[round] ??= []).push({ topic: first.route.topic, partition: first.partition, entries });
    }
  return rounds;
}

export function partitionName(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
