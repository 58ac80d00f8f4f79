import { ByteReader } from "./records/byte-reader.ts";
import type { Aborted, FetchAnswer, FetchedPartition } from "./protocol.ts";
import { ReadBudget } from "./records/batch-limits.ts";
import { readRecordSet } from "./records/record-set.ts";

/** The version that all brokers since 2.3 know, and the newest one of kafkajs. */
export const FETCH_VERSION = 11;

/** Reads the answer to a Fetch of version 11 (Kafka protocol guide). */
export async function readFetchAnswer(raw: Buffer): Promise<FetchAnswer> {
  const reader = new ByteReader(raw);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  reader.int32(); // the session, of which there is none
  const budget = new ReadBudget();
  const responses: { topicName: string; partitions: FetchedPartition[] }[] = [];
  for (let topics = reader.int32(); topics > 0; topics--) {
    const topicName = reader.text();
    const partitions: FetchedPartition[] = [];
    for (let count = reader.int32(); count > 0; count--) partitions.push(await readPartition(reader, budget));
    responses.push({ topicName, partitions });
  }
  return { clientSideThrottleTime, errorCode, responses };
}

async function readPartition(reader: ByteReader, budget: ReadBudget): Promise<FetchedPartition> {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const end = reader.int64();
  reader.int64(); // the end of what is stable
  reader.int64(); // its start
  const aborted: Aborted[] = [];
  for (let count = reader.int32(); count > 0; count--)
    aborted.push({ producerId: reader.int64(), firstOffset: reader.int64() });
  reader.int32(); // a replica to prefer: none was asked for
  const stored = reader.slice(reader.int32());
  const set =
    stored === null
      ? { records: [], next: undefined, unreadable: undefined }
      : await readRecordSet(stored, aborted, { budget, end });
  return { partition, errorCode, ...set };
}
