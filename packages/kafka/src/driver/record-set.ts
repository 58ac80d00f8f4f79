import { describeThrown } from "@waybill/core/transport";
import { ByteReader } from "./byte-reader.ts";
import { HeaderReader } from "./header-reader.ts";
import { codecOf, olderMessages } from "./kafkajs.ts";
import type { Aborted, RawRecord, RecordSet } from "./protocol.ts";

/** Where a batch says how long it is, from {@link LENGTH_FROM} on, and which format it has. */
const LENGTH_AT = 8;
const LENGTH_FROM = 12;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 21;
const MAGIC = 2;

const LOG_APPEND_TIME = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** The type of a control record, in its key after two bytes: the end of an aborted transaction (KIP-98). */
const ABORT = 0;

/**
 * Reads record batches as they lie in a partition (KIP-98, version 2). kafkajs does it too, with a decoder, a chain of long
 * numbers and a growing object for each record and header; it takes a record with a key of four zeros for the end of an
 * aborted transaction, and does not pass a batch that compaction has emptied.
 */
export async function readRecordSet(bytes: Buffer, aborted: readonly Aborted[]): Promise<RecordSet> {
  const records: RawRecord[] = [];
  const headers = new HeaderReader();
  const transactions = new Transactions(aborted);
  let next: number | undefined;
  let at = 0;
  while (bytes.length - at > MAGIC_AT) {
    const end = at + LENGTH_FROM + bytes.readInt32BE(at + LENGTH_AT);
    if (end > bytes.length) break; // cut off: a fetch has a limit
    const count = records.length;
    try {
      if (end <= at + MAGIC_AT) throw new RangeError("a batch is shorter than any can be");
      const whole = bytes.subarray(at, end);
      if (whole[MAGIC_AT] === MAGIC) {
        const batch = batchIn(whole);
        if (transactions.isToRead(batch)) readBatch(batch, await contentOf(batch), { headers, records });
        next = batch.offset + batch.lastDelta + 1;
      } else {
        const older = await olderMessages(whole);
        for (const { offset, timestamp, key, value } of older) {
          const time = timestamp === undefined ? -1 : Number(timestamp);
          records.push({ offset: Number(offset), timestamp: time, key, value, headers: [] });
        }
        next = Number(older.at(-1)?.offset ?? whole.readBigInt64BE()) + 1;
      }
    } catch (error) {
      // A batch is read as a whole or not at all, and what comes before it is handled first.
      records.length = count;
      return { records, next, unreadable: next === undefined ? describeThrown(error) : undefined };
    }
    at = end;
  }
  return { records, next, unreadable: undefined };
}

interface Batch {
  readonly offset: number;
  readonly lastDelta: number;
  readonly attributes: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly producerId: number;
  readonly count: number;
  /** Its records, as they are stored. */
  readonly stored: Buffer;
}

function batchIn(whole: Buffer): Batch {
  const offset = new ByteReader(whole).int64();
  const reader = new ByteReader(whole, ATTRIBUTES_AT);
  const attributes = reader.int16();
  const lastDelta = reader.int32();
  const firstTime = reader.int64();
  const lastTime = reader.int64();
  const producerId = reader.int64();
  reader.int16(); // the producer's epoch
  reader.int32(); // and its numbering
  const count = reader.int32();
  const stored = whole.subarray(reader.at);
  return { offset, lastDelta, attributes, firstTime, lastTime, producerId, count, stored };
}

function contentOf({ attributes, stored }: Batch): Buffer | Promise<Buffer> {
  const codec = codecOf(attributes);
  return codec === null ? stored : codec.decompress(stored);
}

function readBatch(
  { offset, attributes, firstTime, lastTime, count }: Batch,
  content: Buffer,
  { headers, records }: { readonly headers: HeaderReader; readonly records: RawRecord[] },
): void {
  const reader = new ByteReader(content);
  const isLogTime = (attributes & LOG_APPEND_TIME) !== 0;
  for (let read = 0; read < count; read++) {
    const length = reader.varint();
    const end = reader.at + length;
    reader.at += 1; // its attributes: unused
    const timestamp = firstTime + reader.varint();
    records.push({
      timestamp: isLogTime ? lastTime : timestamp,
      offset: offset + reader.varint(),
      key: reader.slice(reader.varint()),
      value: reader.slice(reader.varint()),
      headers: headers.read(reader),
    });
    reader.at = end;
  }
}

/** Tells what committed transactions wrote from what aborted ones did. */
class Transactions {
  /** By their first records. */
  readonly #coming: Aborted[];
  readonly #aborted = new Set<number>();

  constructor(aborted: readonly Aborted[]) {
    this.#coming = aborted.toSorted((left, right) => left.firstOffset - right.firstOffset);
  }

  /** Asked batch by batch. */
  isToRead({ offset, lastDelta, attributes, producerId, stored }: Batch): boolean {
    while ((this.#coming[0]?.firstOffset ?? Infinity) <= offset + lastDelta)
      this.#aborted.add(this.#coming.shift()?.producerId ?? -1);
    if ((attributes & CONTROL) === 0)
      return (attributes & TRANSACTIONAL) === 0 || !this.#aborted.has(producerId);
    if (controlTypeOf(stored) === ABORT) this.#aborted.delete(producerId);
    return false;
  }
}

function controlTypeOf(stored: Buffer): number | undefined {
  if (stored.length === 0) return undefined;
  const reader = new ByteReader(stored);
  reader.varint(); // length
  reader.int8();
  reader.varint(); // time
  reader.varint(); // offset
  return reader.slice(reader.varint())?.readInt16BE(2);
}
