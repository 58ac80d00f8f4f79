import type { Random } from "../../environment/random.ts";

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** How long to wait before the next try to connect: twice as long each time, and by chance, so that not all come back at once. */
export class Backoff {
  readonly #random: Random;
  #ms = FIRST_MS;

  constructor(random: Random) {
    this.#random = random;
  }

  /** In milliseconds. */
  next(): number {
    const pause = this.#ms * (0.5 + this.#random.next() / 2);
    this.#ms = Math.min(LONGEST_MS, this.#ms * 2);
    return pause;
  }

  /** The connection is there. */
  reset(): void {
    this.#ms = FIRST_MS;
  }
}
