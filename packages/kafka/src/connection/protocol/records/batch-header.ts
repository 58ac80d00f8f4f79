import { ByteReader } from "./byte-reader.ts";
import { crc32c } from "./crc32c.ts";

/** The header: offset, length, leader epoch, magic, checksum, attributes, last delta, two times, producer id and epoch, sequence, count. */
export const HEADER_BYTES = 61;
/** The position of the checksum, which covers all bytes after it. */
export const CHECKSUM_AT = 17;
export const ATTRIBUTES_AT = 21;

/** A stored record batch (KIP-98, version 2). */
export interface Batch {
  readonly offset: number;
  readonly lastDelta: number;
  readonly attributes: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly producerId: number;
  readonly count: number;
  /** Its records, as stored: perhaps compressed. */
  readonly stored: Buffer;
  readonly whole: Buffer;
}

/**
 * Returns a batch with its header decoded. It verifies the checksum first, because every field of a damaged batch may be wrong.
 * @throws RangeError when the batch is damaged
 */
export function batchIn(whole: Buffer): Batch {
  if (whole.length < HEADER_BYTES) throw new RangeError("a batch is shorter than its header");
  if (whole.readUInt32BE(CHECKSUM_AT) !== crc32c(whole.subarray(ATTRIBUTES_AT)))
    throw new RangeError("the checksum of a batch does not match its bytes");
  const offset = new ByteReader(whole).int64();
  const reader = new ByteReader(whole, ATTRIBUTES_AT);
  const attributes = reader.int16();
  const lastDelta = reader.int32();
  const firstTime = reader.int64();
  const lastTime = reader.int64();
  const producerId = reader.int64();
  reader.int16(); // the producer's epoch
  reader.int32(); // its sequence number
  const count = reader.int32();
  if (offset < 0 || lastDelta < 0 || !Number.isSafeInteger(offset + lastDelta))
    throw new RangeError("a batch has impossible offsets");
  const stored = whole.subarray(HEADER_BYTES);
  return { offset, lastDelta, attributes, firstTime, lastTime, producerId, count, stored, whole };
}
