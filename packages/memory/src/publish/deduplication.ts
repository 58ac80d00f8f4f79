/** The time for which a resend is recognised, in milliseconds, unless more than {@link MAX_REMEMBERED} ids follow. */
export const DEDUP_WINDOW_MS = 120_000;
const MAX_REMEMBERED = 4_000;

/**
 * Remembers recent ids in two generations. The older one is dropped when the younger one is full or old enough. It keeps a
 * 64-bit fingerprint of each id and no text, which costs the garbage collector nothing. Two of 8,000 ids share a fingerprint
 * with a probability of about 1 in 10^12.
 */
export class Deduplication {
  #young = new Fingerprints();
  #old = new Fingerprints();
  #since = 0;

  /** Remembers an id. Returns whether it is new. */
  isNew(id: string, now: number): boolean {
    if (this.#young.size >= MAX_REMEMBERED || now - this.#since >= DEDUP_WINDOW_MS) this.#turn(now);
    // FNV-1a over the code units, from two offsets in one pass.
    let low = 0x811c_9dc5;
    let high = 0x9e37_79b9;
    for (let at = 0; at < id.length; at++) {
      const code = id.charCodeAt(at);
      low = Math.imul(low ^ code, 0x0100_0193);
      high = Math.imul(high ^ code, 0x0100_0193);
    }
    [low, high] = [finalize(low), finalize(high)];
    return !this.#old.has(low, high) && this.#young.add(low, high);
  }

  #turn(now: number): void {
    const free = this.#old;
    free.clear();
    this.#old = now - this.#since >= 2 * DEDUP_WINDOW_MS ? new Fingerprints() : this.#young;
    this.#young = free;
    this.#since = now;
  }
}

/** Returns a hash that the finalizer of MurmurHash3 has mixed. */
function finalize(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return Math.imul(half ^ (half >>> 13), 0xc2b2_ae35) | 0;
}

/** Most brokers in tests need no more slots. A busy queue grows to 8,192 slots. */
const FIRST_SLOTS = 64;

/** A set of pairs of 32-bit numbers with open addressing, at most half full. It never shrinks. */
class Fingerprints {
  size = 0;
  #slots = new Int32Array(2 * FIRST_SLOTS);

  /** Adds a pair. Returns false if it was present. */
  add(low: number, high: number): boolean {
    if (this.size * 4 >= this.#slots.length) this.#grow();
    const at = this.#find(low, high);
    if (!this.#isFree(at)) return false;
    this.#slots[at] = low;
    this.#slots[at + 1] = high | 1; // an odd number never marks a free slot
    this.size += 1;
    return true;
  }

  has(low: number, high: number): boolean {
    return !this.#isFree(this.#find(low, high));
  }

  clear(): void {
    if (this.size > 0) this.#slots.fill(0);
    this.size = 0;
  }

  #grow(): void {
    const full = this.#slots;
    this.#slots = new Int32Array(2 * full.length);
    for (let at = 0; at < full.length; at += 2) {
      const [low = 0, high = 0] = [full[at], full[at + 1]];
      if (high === 0) continue;
      const free = this.#find(low, high);
      this.#slots[free] = low;
      this.#slots[free + 1] = high;
    }
  }

  /** Returns the index of a pair, or of the free slot for it. */
  #find(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    let at = (2 * low) & mask;
    while (!this.#isFree(at) && !(this.#slots[at] === low && this.#slots[at + 1] === (high | 1)))
      at = (at + 2) & mask;
    return at;
  }

  #isFree(at: number): boolean {
    return this.#slots[at + 1] === 0;
  }
}
