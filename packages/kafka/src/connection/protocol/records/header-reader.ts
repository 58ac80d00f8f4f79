import { LIMITS, MalformedBatch } from "./batch-limits.ts";
import type { ByteReader } from "./byte-reader.ts";
import { RawHeader } from "./raw-header.ts";

/** The smallest header in bytes: the lengths of its name and its value. */
const LEAST_HEADER = 2;
const NONE: readonly RawHeader[] = [];

interface Known {
  readonly name: Buffer;
  readonly header: RawHeader;
}

/**
 * A reader of record headers. Consecutive records mostly have the same names, and often the same values, so it reuses the
 * headers of earlier records.
 */
export class HeaderReader {
  /** The last header for each length of a name. */
  readonly #known: (Known | undefined)[] = [];

  /** @throws MalformedBatch, RangeError */
  read(reader: ByteReader): readonly RawHeader[] {
    const count = reader.varint();
    if (count <= 0) return NONE;
    if (count > reader.left / LEAST_HEADER)
      throw new MalformedBatch(`a record declares ${count} headers in ${reader.left} bytes`);
    if (count > LIMITS.headers)
      throw new MalformedBatch(`a record has ${count} headers; at most ${LIMITS.headers} are supported`);
    const headers: RawHeader[] = [];
    for (let at = 0; at < count; at++) headers.push(this.#one(reader));
    return headers;
  }

  #one(reader: ByteReader): RawHeader {
    const length = reader.varint();
    const nameAt = reader.at;
    const known = this.#known[length];
    const isKnown = known !== undefined && isAt(known.name, reader);
    const name = isKnown ? undefined : reader.slice(length);
    const valueLength = reader.varint();
    if (isKnown) {
      const { value } = known.header;
      if (value !== null && value.length === valueLength && isAt(value, reader)) return known.header;
    }
    const header = new RawHeader(isKnown ? known.header.name : String(name ?? ""), reader.slice(valueLength));
    this.#known[length] = {
      name: isKnown ? known.name : reader.bytes.subarray(nameAt, nameAt + length),
      header,
    };
    return header;
  }
}

/** Whether the wanted bytes come next; if so, the reader moves past them. */
function isAt(wanted: Buffer, reader: ByteReader): boolean {
  const { bytes, at } = reader;
  if (bytes.length - at < wanted.length) return false;
  for (let index = 0; index < wanted.length; index++) if (wanted[index] !== bytes[at + index]) return false;
  reader.at = at + wanted.length;
  return true;
}
