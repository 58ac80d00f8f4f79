import { describeThrown } from "@waybill/core/transport-kit";
import { MalformedBatch, ReadBudget, mostUnpacked } from "./batch-limits.ts";
import { batchIn, type Batch } from "./batch-header.ts";
import { tooLarge, decompress } from "./gzip.ts";
import { codecOf } from "../kafkajs.ts";
import { olderMessages } from "./older-messages.ts";
import { RecordReader } from "./records-in-batch.ts";
import { Transactions } from "../transactions.ts";
import type { AbortedTransaction, RawRecord, RecordSet } from "./record.ts";

/** The positions in a batch: of its length field, of the first byte that the length includes, and of the format. */
const LENGTH_AT = 8;
const LENGTH_FROM = 12;
const MAGIC_AT = 16;
const MAGIC = 2;
const CODEC_MASK = 0x7;
const GZIP = 1;

/**
 * Returns the records of stored batches (KIP-98, version 2). The decoder of kafkajs is slower, takes a record with a key of
 * four zeros for the end of an aborted transaction, stops at a batch that compaction has emptied, and checks neither checksums
 * nor limits.
 *
 * A batch is decoded as a whole or not at all. An undamaged batch that exceeds the limits or violates the format becomes one
 * unreadable record with the bytes of the batch. A damaged batch, or one with an unknown compression, is never skipped: it may
 * become readable later.
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
    if (end > bytes.length) break; // truncated by the size limit of the fetch
    try {
      if (end <= at + MAGIC_AT) throw new RangeError("a batch is shorter than its header");
      const whole = bytes.subarray(at, end);
      const read = whole[MAGIC_AT] === MAGIC ? await readBatch(whole, reading) : await readOlder(whole);
      // The checksum does not cover the offset. A batch that jumps ahead would skip messages.
      if (read.first < (next ?? 0) || read.next > endOfLog)
        throw new RangeError(`a batch has offsets from ${read.first} to ${read.next}, which cannot follow`);
      for (const record of read.records) records.push(record);
      ({ next } = read);
    } catch (error) {
      // The caller takes the records before it first, and sees the reason at the next fetch.
      return { records, next, unreadable: next === undefined ? describeThrown(error) : undefined };
    }
    at = end;
  }
  return { records, next, unreadable: undefined };
}

export interface SetLimits {
  /** The budget of all sets of one response. */
  readonly budget?: ReadBudget;
  /** The offset after the last one of the partition. */
  readonly end?: number;
}

interface Reading {
  readonly reader: RecordReader;
  readonly transactions: Transactions;
  readonly budget: ReadBudget;
}

interface Read {
  readonly records: readonly RawRecord[];
  /** The first offset of the batch. */
  readonly first: number;
  readonly next: number;
}

async function readBatch(whole: Buffer, { reader, transactions, budget }: Reading): Promise<Read> {
  const batch = batchIn(whole);
  const next = batch.offset + batch.lastDelta + 1;
  if (!transactions.hasRecordsToDeliver(batch)) return { records: [], first: batch.offset, next };
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

/** @throws MalformedBatch when there are too many bytes, another error when the codec is not registered or fails */
async function contentOf({ attributes, stored }: Batch, codec: number): Promise<Buffer> {
  const most = mostUnpacked(stored.length);
  if (codec === GZIP) return decompress(stored, most);
  const found = codecOf(attributes);
  if (found === null) throw new Error(`Kafka has no compression ${codec}`);
  let content: Buffer;
  try {
    content = await found.decompress(stored);
  } catch (cause) {
    throw new Error(describeThrown(cause), { cause });
  }
  if (content.length > most) throw tooLarge(most);
  return content;
}

/** Returns one record that stands for all records of a batch, at the offset of the last one. */
function unreadableRecord({ offset, lastDelta, lastTime, whole }: Batch, reason: string): RawRecord {
  const place = { offset: offset + lastDelta, timestamp: lastTime };
  return { ...place, key: null, value: whole, headers: [], unreadable: reason };
}

async function readOlder(whole: Buffer): Promise<Read> {
  const records = await olderMessages(whole);
  const [first, last] = [records[0]?.offset ?? 0, records.at(-1)?.offset ?? 0];
  if (records.length === 0 || records.some(({ offset }, at) => offset <= (records[at - 1]?.offset ?? -1)))
    throw new RangeError("the offsets of messages do not ascend");
  return { records, first, next: last + 1 };
}
