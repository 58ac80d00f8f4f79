import { LIMITS, MalformedBatch } from "./batch-limits.ts";
import type { ByteReader } from "./byte-reader.ts";
import { RawHeader } from "./raw-header.ts";

/** The lengths of its name and its value, in a byte each. */
const LEAST_HEADER = 2;
const NONE: readonly RawHeader[] = [];

interface Known {
  readonly name: Buffer;
  readonly header: RawHeader;
}

/**
 * Reads the headers of records. From one record to the next their names are the same, and often their values: what was
 * read before is not made anew.
 */
export class HeaderReader {
  /** The last one of each length of a name. */
  readonly #known: (Known | undefined)[] = [];

  /** @throws MalformedBatch, RangeError */
  read(reader: ByteReader): readonly RawHeader[] {
    const count = reader.varint();
    if (count <= 0) return NONE;
    if (count > reader.left / LEAST_HEADER)
      throw new MalformedBatch(`a record says that ${count} headers lie in ${reader.left} bytes`);
    if (count > LIMITS.headers)
      throw new MalformedBatch(`a record has ${count} headers, and at most ${LIMITS.headers} are read`);
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

/** Passes the bytes if they come next. */
function isAt(wanted: Buffer, reader: ByteReader): boolean {
  const { bytes, at } = reader;
  if (bytes.length - at < wanted.length) return false;
  for (let place = 0; place < wanted.length; place++) if (wanted[place] !== bytes[at + place]) return false;
  reader.at = at + wanted.length;
  return true;
}
