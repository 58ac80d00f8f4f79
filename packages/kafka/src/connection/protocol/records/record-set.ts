import { describeThrown } from "@waybill/core/transport-kit";
import { MalformedBatch, ReadBudget, mostUnpacked } from "./batch-limits.ts";
import { batchIn, type Batch } from "./batch-header.ts";
import { tooLarge, decompress } from "./gzip.ts";
import { codecOf } from "../kafkajs.ts";
import { olderMessages } from "./older-messages.ts";
import { RecordReader } from "./records-in-batch.ts";
import { Transactions } from "../transactions.ts";
import type { AbortedTransaction, RawRecord, RecordSet } from "./record.ts";

/** Where a batch says how long it is, from {@link LENGTH_FROM} on, and which format it has. */
const LENGTH_AT = 8;
const LENGTH_FROM = 12;
const MAGIC_AT = 16;
const MAGIC = 2;
const CODEC_MASK = 0x7;
const GZIP = 1;

/**
 * Reads record batches as they lie in a partition (KIP-98, version 2). kafkajs does it too, with a decoder, a chain of long
 * numbers and a growing object for each record and header; it takes a record with a key of four zeros for the end of an
 * aborted transaction, does not pass a batch that compaction has emptied, compares no checksum and knows no bounds.
 *
 * A batch is read as a whole or not at all. One whose bytes are as they were written, and that holds too much or makes no
 * sense, is handed out as one record that is unreadable, with the bytes of the batch. One that is damaged, or compressed in a
 * way that this process does not know, is passed over by nobody: it may be readable later.
 */
export async function readRecordSet(
  bytes: Buffer,
  aborted: readonly AbortedTransaction[],
  { budget = new ReadBudget(), end: endOfLog = Infinity }: SetLimits = {},
): Promise<RecordSet> {
  const records: RawRecord[] = [];
  const reading = { reader: new RecordReader(), transactions: new Transactions(aborted), budget };
  let next: number | undefined;
  for (let at = 0; bytes.length - at > MAGIC_AT && !budget.isSpent;) {
    const end = at + LENGTH_FROM + bytes.readInt32BE(at + LENGTH_AT);
    if (end > bytes.length) break; // cut off: a fetch has a limit
    try {
      if (end <= at + MAGIC_AT) throw new RangeError("a batch is shorter than any can be");
      const whole = bytes.subarray(at, end);
      const read = whole[MAGIC_AT] === MAGIC ? await readBatch(whole, reading) : await readOlder(whole);
      // Its place is not under the checksum: what jumps ahead would pass over messages.
      if (read.first < (next ?? 0) || read.next > endOfLog)
        throw new RangeError(`a batch from ${read.first} to ${read.next} cannot be here`);
      for (const record of read.records) records.push(record);
      ({ next } = read);
    } catch (error) {
      // What comes before it is handled first.
      return { records, next, unreadable: next === undefined ? describeThrown(error) : undefined };
    }
    at = end;
  }
  return { records, next, unreadable: undefined };
}

export interface SetLimits {
  /** What all sets of one answer may come to. */
  readonly budget?: ReadBudget;
  /** Behind the last offset that the partition has. */
  readonly end?: number;
}

interface Reading {
  readonly reader: RecordReader;
  readonly transactions: Transactions;
  readonly budget: ReadBudget;
}

interface Read {
  readonly records: readonly RawRecord[];
  /** The first offset that it may have. */
  readonly first: number;
  readonly next: number;
}

async function readBatch(whole: Buffer, { reader, transactions, budget }: Reading): Promise<Read> {
  const batch = batchIn(whole);
  const next = batch.offset + batch.lastDelta + 1;
  if (!transactions.isToRead(batch)) return { records: [], first: batch.offset, next };
  try {
    const codec = batch.attributes & CODEC_MASK;
    const content = codec === 0 ? batch.stored : await contentOf(batch, codec);
    const { records, headers } = reader.read(batch, content);
    budget.spend(content.length, records.length + headers);
    return { records, first: batch.offset, next };
  } catch (error) {
    if (!(error instanceof MalformedBatch || error instanceof RangeError)) throw error;
    return { records: [unreadableRecord(batch, describeThrown(error))], first: batch.offset, next };
  }
}

/** @throws MalformedBatch; whatever else for a codec that is not installed, or fails */
async function contentOf({ attributes, stored }: Batch, codec: number): Promise<Buffer> {
  const most = mostUnpacked(stored.length);
  if (codec === GZIP) return decompress(stored, most);
  const found = codecOf(attributes);
  if (found === null) throw new Error(`compression ${codec} is none that Kafka has`);
  let content: Buffer;
  try {
    content = await found.decompress(stored);
  } catch (cause) {
    throw new Error(describeThrown(cause), { cause });
  }
  if (content.length > most) throw tooLarge(most);
  return content;
}

/** Stands for all records of a batch, in the place of the last one. */
function unreadableRecord({ offset, lastDelta, lastTime, whole }: Batch, reason: string): RawRecord {
  const place = { offset: offset + lastDelta, timestamp: lastTime };
  return { ...place, key: null, value: whole, headers: [], unreadable: reason };
}

async function readOlder(whole: Buffer): Promise<Read> {
  const records = await olderMessages(whole);
  const [first, last] = [records[0]?.offset ?? 0, records.at(-1)?.offset ?? 0];
  if (records.length === 0 || records.some(({ offset }, at) => offset <= (records[at - 1]?.offset ?? -1)))
    throw new RangeError("messages do not follow one another");
  return { records, first, next: last + 1 };
}
