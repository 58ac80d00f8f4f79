import { LIMITS, MalformedBatch } from "./batch-limits.ts";
import type { Batch } from "./batch-header.ts";
import { ByteReader } from "./byte-reader.ts";
import { HeaderReader } from "./header-reader.ts";
import type { RawRecord } from "./record.ts";

const LOG_APPEND_TIME = 0x8;
/** The smallest record in bytes: length, attributes, time, offset, key, value and headers. */
const LEAST_RECORD = 7;

/** A reader of the records in batches. It reuses headers from one batch to the next. */
export class RecordReader {
  readonly #headers = new HeaderReader();

  /** Returns the records of a batch, and the number of their headers. @throws MalformedBatch, RangeError */
  read(batch: Batch, content: Buffer): { readonly records: readonly RawRecord[]; readonly headers: number } {
    const { offset, attributes, firstTime, lastTime, lastDelta, count } = batch;
    checkCount(count, content.length);
    const reader = new ByteReader(content);
    const isLogTime = (attributes & LOG_APPEND_TIME) !== 0;
    const records: RawRecord[] = [];
    let headers = 0;
    let last = -1;
    for (let read = 0; read < count; read++) {
      const length = reader.varint();
      if (length < LEAST_RECORD - 1 || length > reader.left)
        throw new MalformedBatch(`record ${read} declares ${length} bytes; ${reader.left} are left`);
      const end = reader.at + length;
      reader.at += 1; // its attributes: unused
      const timestamp = firstTime + reader.varint();
      const delta = reader.varint();
      if (delta <= last || delta > lastDelta)
        throw new MalformedBatch(
          `record ${read} has the relative offset ${delta} after ${last}; the last one is ${lastDelta}`,
        );
      last = delta;
      const key = reader.slice(reader.varint());
      const value = reader.slice(reader.varint());
      const own = this.#headers.read(reader);
      headers += own.length;
      if (headers > LIMITS.allHeaders)
        throw new MalformedBatch(`its records have more than ${LIMITS.allHeaders} headers`);
      if (reader.at > end) throw new MalformedBatch(`record ${read} is longer than it declares`);
      records.push({
        timestamp: isLogTime ? lastTime : timestamp,
        offset: offset + delta,
        key,
        value,
        headers: own,
      });
      reader.at = end;
    }
    return { records, headers };
  }
}

function checkCount(count: number, bytes: number): void {
  if (count < 0 || count > bytes / LEAST_RECORD)
    throw new MalformedBatch(`it declares ${count} records in ${bytes} bytes`);
  if (count > LIMITS.records)
    throw new MalformedBatch(`it has ${count} records; at most ${LIMITS.records} are supported`);
}
