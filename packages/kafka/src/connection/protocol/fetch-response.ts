import { ByteReader } from "./records/byte-reader.ts";
import type { FetchAnswer, FetchedPartition } from "./protocol.ts";
import { ReadBudget } from "./records/batch-limits.ts";
import { readRecordSet } from "./records/record-set.ts";
import type { AbortedTransaction } from "./records/record.ts";

/** The newest version that kafkajs knows; every broker since Kafka 2.3 supports it. */
export const FETCH_VERSION = 11;

/** Decodes the response to a Fetch of version 11 (Kafka protocol guide). @throws RangeError when it is truncated */
export async function readFetchAnswer(raw: Buffer): Promise<FetchAnswer> {
  const reader = new ByteReader(raw);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  reader.int32(); // the fetch session: none is used
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
  reader.int64(); // the last stable offset
  reader.int64(); // the start of the log
  const aborted: AbortedTransaction[] = [];
  for (let count = reader.int32(); count > 0; count--)
    aborted.push({ producerId: reader.int64(), firstOffset: reader.int64() });
  reader.int32(); // the preferred read replica: none was requested
  const stored = reader.slice(reader.int32());
  const set =
    stored === null
      ? { records: [], next: undefined, unreadable: undefined }
      : await readRecordSet(stored, aborted, { budget, end });
  return { partition, errorCode, ...set };
}
