import type { Random } from "../../environment/random.ts";

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * For adapters: the pauses between attempts to connect. Each is twice as long as the one before, with jitter, so that many
 * processes do not come back at once.
 */
export class Backoff {
  readonly #random: Random;
  #ms = FIRST_MS;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Returns the next pause, in milliseconds. */
  next(): number {
    const pause = this.#ms * (0.5 + this.#random.next() / 2);
    this.#ms = Math.min(LONGEST_MS, this.#ms * 2);
    return pause;
  }

  /** Starts again with the shortest pause, after a successful connection. */
  reset(): void {
    this.#ms = FIRST_MS;
  }
}
