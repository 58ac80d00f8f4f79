import type { Random } from "@waybill/core/transport";

/** Creates names that no other run on the same broker creates. */
export class Names {
  readonly #run: string;
  #count = 0;

  constructor(random: Random) {
    this.#run = `kit${random.uint32().toString(36)}`;
  }

  /** Returns a new name that every broker accepts, ending in a readable word. */
  next(word: string): string {
    return `${this.#run}.${(this.#count++).toString(36)}.${word}`;
  }

  /** Returns a new message id. */
  id(): string {
    return `${this.#run}-${(this.#count++).toString(36)}`;
  }
}
