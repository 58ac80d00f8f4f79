import { ATTRIBUTES_AT, CHECKSUM_AT, HEADER_BYTES } from "./batch-header.ts";
import { crc32c } from "./crc32c.ts";
import { compress } from "./gzip.ts";
import type { NewRecord } from "./record.ts";

/** The producer of a batch, and the sequence number of its first record. */
export interface Numbering {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

const LENGTH_FROM = 12;
const MAGIC = 2;
const GZIP = 1;

/**
 * Returns records as an uncompressed record batch (KIP-98, version 2). The encoder of kafkajs allocates a buffer for each record
 * and each header, which was half of the cost of a message.
 */
export function recordBatch(records: readonly NewRecord[], numbering: Numbering): Buffer {
  const times = records.map(({ timestamp }) => timestamp);
  const first = times.reduce((least, time) => Math.min(least, time), times[0] ?? 0);
  const bodies = records.map((record, at) => bodySize(record, { at, delta: (times[at] ?? first) - first }));
  const size = bodies.reduce((sum, body) => sum + varintSize(body) + body, HEADER_BYTES);
  const batch = Buffer.allocUnsafe(size);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(size - LENGTH_FROM, 8);
  batch.writeInt32BE(0, LENGTH_FROM);
  batch.writeInt8(MAGIC, 16);
  batch.writeInt16BE(0, ATTRIBUTES_AT);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(first), 27);
  batch.writeBigInt64BE(BigInt(times.reduce((most, time) => Math.max(most, time), first)), 35);
  batch.writeBigInt64BE(BigInt(numbering.producerId), 43);
  batch.writeInt16BE(numbering.producerEpoch, 51);
  batch.writeInt32BE(numbering.firstSequence, 53);
  batch.writeInt32BE(records.length, 57);
  const writer = new Writer(batch, HEADER_BYTES);
  for (const [at, record] of records.entries()) {
    writer.varint(bodies[at] ?? 0);
    writer.record(record, { at, delta: (times[at] ?? first) - first });
  }
  sign(batch);
  return batch;
}

/** Returns a batch, compressed with gzip. */
export async function compressed(batch: Buffer): Promise<Buffer> {
  const whole = Buffer.concat([
    batch.subarray(0, HEADER_BYTES),
    await compress(batch.subarray(HEADER_BYTES)),
  ]);
  whole.writeInt32BE(whole.length - LENGTH_FROM, 8);
  whole.writeInt16BE(whole.readInt16BE(ATTRIBUTES_AT) | GZIP, ATTRIBUTES_AT);
  sign(whole);
  return whole;
}

/** Writes the checksum of a batch into its header. */
function sign(batch: Buffer): void {
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CHECKSUM_AT);
}

/** The position of a record in its batch: its index, and its time relative to the earliest record. */
interface RecordPosition {
  readonly at: number;
  readonly delta: number;
}

function bodySize({ key, value, headers }: NewRecord, { at, delta }: RecordPosition): number {
  let size = 1 + varintSize(delta) + varintSize(at) + bytesSize(key) + bytesSize(value);
  let count = 0;
  for (const name in headers) {
    const header = headers[name] ?? "";
    const nameBytes = Buffer.byteLength(name);
    const bytes = typeof header === "string" ? Buffer.byteLength(header) : header.length;
    size += varintSize(nameBytes) + nameBytes + varintSize(bytes) + bytes;
    count += 1;
  }
  return size + varintSize(count);
}

function bytesSize(bytes: Buffer | null): number {
  return bytes === null ? 1 : varintSize(bytes.length) + bytes.length;
}

/** Returns the length of a number in zigzag encoding, seven bits a byte; exact up to 2^52. */
function varintSize(number: number): number {
  let size = 1;
  for (let rest = number < 0 ? -2 * number - 1 : 2 * number; rest >= 128; rest /= 128) size += 1;
  return size;
}

class Writer {
  readonly #batch: Buffer;
  #at: number;

  constructor(batch: Buffer, at: number) {
    this.#batch = batch;
    this.#at = at;
  }

  record({ key, value, headers }: NewRecord, { at, delta }: RecordPosition): void {
    this.#batch[this.#at++] = 0;
    this.varint(delta);
    this.varint(at);
    this.#bytes(key);
    this.#bytes(value);
    let count = 0;
    for (const _ in headers) count += 1;
    this.varint(count);
    for (const name in headers) {
      this.#text(name);
      const header = headers[name] ?? "";
      if (typeof header === "string") this.#text(header);
      else this.#bytes(header);
    }
  }

  varint(number: number): void {
    let rest = number < 0 ? -2 * number - 1 : 2 * number;
    while (rest >= 128) {
      this.#batch[this.#at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#batch[this.#at++] = rest;
  }

  #bytes(bytes: Buffer | null): void {
    if (bytes === null) return this.varint(-1);
    this.varint(bytes.length);
    bytes.copy(this.#batch, this.#at);
    this.#at += bytes.length;
  }

  #text(text: string): void {
    const length = Buffer.byteLength(text);
    this.varint(length);
    this.#batch.write(text, this.#at, length);
    this.#at += length;
  }
}
