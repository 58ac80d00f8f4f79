/** How long a resend is recognised, in milliseconds, as long as no more than {@link MOST_REMEMBERED} ids came since. */
export const DEDUP_WINDOW_MS = 120_000;
const MOST_REMEMBERED = 4_000;

/** Remembers the ids stored lately, in two generations: the older one is dropped when the younger is full or old enough. */
export class Dedup {
  #young = new Set<string>();
  #old = new Set<string>();
  #since = 0;

  /** Whether the id is new; from then on it is not. */
  isNew(id: string, now: number): boolean {
    if (this.#young.size >= MOST_REMEMBERED || now - this.#since >= DEDUP_WINDOW_MS) this.#turn(now);
    const before = this.#young.size;
    this.#young.add(id); // one look-up tells both: a known id leaves the size as it was
    return this.#young.size > before && !this.#old.has(id);
  }

  #turn(now: number): void {
    this.#old = now - this.#since >= 2 * DEDUP_WINDOW_MS ? new Set() : this.#young;
    this.#young = new Set();
    this.#since = now;
  }
}
