/**
 * The limits of one record batch in memory. A batch of some kilobytes can decompress to gigabytes, or hold millions of headers
 * of two bytes each. Without limits such a batch would end the process, and again after each restart.
 */
export const LIMITS = {
  /** The decompressed size that every batch may have, in bytes. */
  unpacked: 33_554_432,
  /** A large batch may decompress to this many times its stored size. */
  ratio: 8,
  records: 100_000,
  /** The most headers of one record. */
  headers: 10_000,
  /** The most headers of all records of a batch together. */
  allHeaders: 300_000,
} as const;

/** Returns the largest decompressed size of a batch, by its stored size; both in bytes. */
export function mostUnpacked(stored: number): number {
  return Math.max(LIMITS.unpacked, LIMITS.ratio * stored);
}

/** The error of an undamaged batch that exceeds the limits or violates the format. */
export class MalformedBatch extends Error {
  override readonly name = "MalformedBatch";
}

/** The budget of one fetch response: when it is spent, the remaining batches wait for the next fetch. One batch is always read. */
export class ReadBudget {
  #bytes: number = LIMITS.unpacked;
  #objects: number = LIMITS.allHeaders;

  get isSpent(): boolean {
    return this.#bytes <= 0 || this.#objects <= 0;
  }

  spend(bytes: number, objects: number): void {
    this.#bytes -= bytes;
    this.#objects -= objects;
  }
}
