import type { NewRecord } from "../connection/protocol/protocol.ts";
import type { Route } from "./routes.ts";

/** A record on its way. Where it goes is known once its batch is formed: until then its place and its partition are -1. */
export interface Outgoing {
  readonly route: Route;
  readonly record: NewRecord;
  readonly size: number;
  /** Whether it may be compressed where it is too large: it was read from the broker, so others may have stored it so. */
  readonly mayPack: boolean;
  /** In its batch. */
  at: number;
  partition: number;
}

/** What goes to one partition in one request: stored as a whole or not at all. */
export interface Parcel {
  readonly topic: string;
  readonly partition: number;
  readonly entries: readonly Outgoing[];
  readonly isCompressed: boolean;
}

/**
 * Packs records for sending: rounds that follow one another, with one parcel at most for each partition. The broker limits
 * what it takes in one piece, which is all records for a partition together (`max.message.bytes`).
 */
export function batchByPartition(
  placed: readonly Outgoing[],
  mostBytes: number,
): readonly (readonly Parcel[])[] {
  const topics = new Map<string, (Filling | undefined)[]>();
  const rounds: Outgoing[][][] = [];
  for (const each of placed) {
    let partitions = topics.get(each.route.topic);
    if (partitions === undefined) topics.set(each.route.topic, (partitions = []));
    let filling = partitions[each.partition];
    if (filling === undefined || filling.size + each.size > mostBytes) {
      filling = { entries: [], size: 0, round: filling === undefined ? 0 : filling.round + 1 };
      partitions[each.partition] = filling;
      (rounds[filling.round] ??= []).push(filling.entries);
    }
    filling.entries.push(each);
    filling.size += each.size;
  }
  return rounds.map((parcels) => parcels.flatMap((entries) => parcelOf(entries, mostBytes)));
}

/** The parcel of a partition that is not full yet. */
interface Filling {
  readonly entries: Outgoing[];
  readonly round: number;
  size: number;
}

function parcelOf(entries: readonly Outgoing[], mostBytes: number): readonly Parcel[] {
  const [first] = entries;
  if (first === undefined) return [];
  const isCompressed = first.mayPack && first.size > mostBytes;
  return [{ topic: first.route.topic, partition: first.partition, entries, isCompressed }];
}
