import * as zlib from "node:zlib";
import { describeThrown } from "@waybill/core/transport-kit";
import { LIMITS, MalformedBatch, mostUnpacked } from "./batch-limits.ts";
import { ByteReader } from "./byte-reader.ts";
import { decompress } from "./gzip.ts";
import { codecOf } from "../kafkajs.ts";
import type { RawRecord } from "./record.ts";

/**
 * The positions in a message: of its size field, of the first byte that the size includes, and of the first byte that
 * the checksum covers.
 */
const SIZE_AT = 8;
const LENGTH_FROM = 12;
const CHECKED_FROM = 16;
const CODEC_MASK = 0x7;
const GZIP = 1;

interface Message {
  readonly record: RawRecord;
  readonly magic: number;
  readonly codec: number;
}

/**
 * Returns the records of one message in the formats 0 and 1, which Kafka before 0.11 wrote. A compressed message contains
 * others.
 * @throws RangeError when it is damaged, MalformedBatch when it exceeds the limits
 */
export async function olderMessages(whole: Buffer): Promise<readonly RawRecord[]> {
  const outer = messageIn(whole);
  if (outer.codec === 0) return [outer.record];
  const content = await contentOf(outer);
  const inner: Message[] = [];
  for (let at = 0; at < content.length;) {
    if (content.length - at < LENGTH_FROM) throw new RangeError("a message is shorter than its header");
    const end = at + LENGTH_FROM + content.readInt32BE(at + SIZE_AT);
    if (end <= at + LENGTH_FROM || end > content.length)
      throw new RangeError("a message is longer than its container");
    inner.push(messageIn(content.subarray(at, end)));
    if (inner.length > LIMITS.records)
      throw new MalformedBatch(`it has more than ${LIMITS.records} messages`);
    at = end;
  }
  // In format 1 inner offsets count from 0, and the outer message has the offset of the last inner one.
  const last = inner.at(-1)?.record.offset ?? 0;
  const base = outer.magic === 0 ? 0 : outer.record.offset - last;
  return inner.map(({ record }) => ({ ...record, offset: base + record.offset }));
}

function messageIn(whole: Buffer): Message {
  const reader = new ByteReader(whole);
  const offset = reader.int64();
  reader.int32(); // the size
  const checksum = reader.int32() >>> 0;
  if (zlib.crc32(whole.subarray(CHECKED_FROM)) !== checksum)
    throw new RangeError("the checksum of a message does not match its bytes");
  const magic = reader.int8();
  if (magic !== 0 && magic !== 1) throw new RangeError(`a message has the format ${magic}`);
  const codec = reader.int8() & CODEC_MASK;
  const timestamp = magic === 0 ? -1 : reader.int64();
  const key = reader.slice(reader.int32());
  const value = reader.slice(reader.int32());
  if (offset < 0 || !Number.isSafeInteger(offset)) throw new RangeError("a message has an impossible offset");
  return { record: { offset, timestamp, key, value, headers: [] }, magic, codec };
}

async function contentOf({ record, codec }: Message): Promise<Buffer> {
  const stored = record.value ?? Buffer.alloc(0);
  const most = mostUnpacked(stored.length);
  if (codec === GZIP) return decompress(stored, most);
  const found = codecOf(codec);
  if (found === null) throw new Error(`Kafka has no compression ${codec}`);
  try {
    return await found.decompress(stored);
  } catch (cause) {
    throw new Error(describeThrown(cause), { cause });
  }
}
