import type { Batch } from "./records/batch-header.ts";
import { ByteReader } from "./records/byte-reader.ts";
import type { Aborted } from "./protocol.ts";

const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** The type of a control record, in its key after two bytes: the end of an aborted transaction (KIP-98). */
const ABORT = 0;

/** Tells what committed transactions wrote from what aborted ones did. */
export class Transactions {
  /** By their first records. */
  readonly #coming: Aborted[];
  readonly #aborted = new Set<number>();

  constructor(aborted: readonly Aborted[]) {
    this.#coming = aborted.toSorted((left, right) => left.firstOffset - right.firstOffset);
  }

  /** Asked batch by batch. @throws RangeError for a control batch that is damaged */
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
