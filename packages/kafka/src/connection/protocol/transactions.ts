import type { Batch } from "./records/batch-header.ts";
import { ByteReader } from "./records/byte-reader.ts";
import type { AbortedTransaction } from "./records/record.ts";

const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** The type of the control record that ends an aborted transaction, in its key after two bytes (KIP-98). */
const ABORT = 0;

/** Distinguishes batches of committed transactions from batches of aborted ones. */
export class Transactions {
  /** Aborted transactions that begin after the current batch, by their first offsets. */
  readonly #coming: AbortedTransaction[];
  readonly #aborted = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#coming = aborted.toSorted((left, right) => left.firstOffset - right.firstOffset);
  }

  /**
   * Returns whether a batch has records to deliver. Call it for every batch, in order. @throws RangeError for a
   * damaged control batch
   */
  hasRecordsToDeliver({ offset, lastDelta, attributes, producerId, stored }: Batch): boolean {
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
