import type { NewRecord } from "../connection/protocol/records/record.ts";
import type { Route } from "./routes.ts";

/** A record to write. Its index and its partition are -1 until its batch is formed. */
export interface Outgoing {
  readonly route: Route;
  readonly record: NewRecord;
  /** In bytes, at most. */
  readonly size: number;
  /** Whether a record that is too large may be compressed. The adapter has read it from the broker, perhaps from a compressed batch. */
  readonly mayCompress: boolean;
  /** The index in the publisher's batch. */
  at: number;
  partition: number;
}

/** The records for one partition in one request. The broker stores all of them or none. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly entries: readonly Outgoing[];
  readonly isCompressed: boolean;
}

/**
 * Groups records into rounds, which are written one after the other; a round has at most one batch for each partition. The
 * broker limits the size of a batch (`max.message.bytes`).
 * @param mostBytes the largest batch; a larger record gets a batch of its own
 */
export function batchByPartition(
  placed: readonly Outgoing[],
  mostBytes: number,
): readonly (readonly PartitionBatch[])[] {
  const topics = new Map<string, (OpenBatch | undefined)[]>();
  const rounds: Outgoing[][][] = [];
  for (const each of placed) {
    let partitions = topics.get(each.route.topic);
    if (partitions === undefined) topics.set(each.route.topic, (partitions = []));
    let open = partitions[each.partition];
    if (open === undefined || open.size + each.size > mostBytes) {
      open = { entries: [], size: 0, round: open === undefined ? 0 : open.round + 1 };
      partitions[each.partition] = open;
      (rounds[open.round] ??= []).push(open.entries);
    }
    open.entries.push(each);
    open.size += each.size;
  }
  return rounds.map((round) => round.flatMap((entries) => batchOf(entries, mostBytes)));
}

/** The batch of a partition that is not full yet. */
interface OpenBatch {
  readonly entries: Outgoing[];
  readonly round: number;
  size: number;
}

function batchOf(entries: readonly Outgoing[], mostBytes: number): readonly PartitionBatch[] {
  const [first] = entries;
  if (first === undefined) return [];
  const isCompressed = first.mayCompress && first.size > mostBytes;
  return [{ topic: first.route.topic, partition: first.partition, entries, isCompressed }];
}
