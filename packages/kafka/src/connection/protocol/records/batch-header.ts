import { ByteReader } from "./byte-reader.ts";
import { crc32c } from "./crc32c.ts";

/** Offset, length, leader epoch, magic, checksum, attributes, last delta, two times, producer id and epoch, sequence, count. */
export const HEADER_BYTES = 61;
/** The checksum is over all that follows it. */
export const CHECKSUM_AT = 17;
export const ATTRIBUTES_AT = 21;

/** A record batch as it is stored (KIP-98, version 2). */
export interface Batch {
  readonly offset: number;
  readonly lastDelta: number;
  readonly attributes: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly producerId: number;
  readonly count: number;
  /** Its records, as they are stored. */
  readonly stored: Buffer;
  readonly whole: Buffer;
}

/**
 * Reads the header of a batch. Until its checksum is compared nothing of it can be believed, not even where it ends.
 * @throws RangeError when it is damaged
 */
export function batchIn(whole: Buffer): Batch {
  if (whole.length < HEADER_BYTES) throw new RangeError("a batch is shorter than any can be");
  if (whole.readUInt32BE(CHECKSUM_AT) !== crc32c(whole.subarray(ATTRIBUTES_AT)))
    throw new RangeError("the checksum of a batch is not that of its bytes");
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
  if (offset < 0 || lastDelta < 0 || !Number.isSafeInteger(offset + lastDelta))
    throw new RangeError("a batch has no possible place");
  const stored = whole.subarray(HEADER_BYTES);
  return { offset, lastDelta, attributes, firstTime, lastTime, producerId, count, stored, whole };
}
