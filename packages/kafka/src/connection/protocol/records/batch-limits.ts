/**
 * What one record batch may come to in memory. A batch of some kilobytes can unpack to gigabytes, or hold millions of headers
 * of two bytes each; it would end the process, again after each restart.
 */
export const LIMITS = {
  /** Bytes that any batch may unpack to. */
  unpacked: 33_554_432,
  /** A batch that is stored in many bytes may unpack to this many times as much. */
  ratio: 8,
  records: 100_000,
  /** Of one record. */
  headers: 10_000,
  /** Of all records of a batch together. */
  allHeaders: 300_000,
} as const;

/** How many bytes a batch may unpack to, which is stored in so many. */
export function mostUnpacked(stored: number): number {
  return Math.max(LIMITS.unpacked, LIMITS.ratio * stored);
}

/** A batch is whole, and holds more than this process reads, or what no reader makes sense of. */
export class MalformedBatch extends Error {
  override readonly name = "MalformedBatch";
}

/** What one answer may come to: further batches are left for the next one. At least one batch is read. */
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
