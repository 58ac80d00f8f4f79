import type { Random } from "@waybill/core/transport";

/** Makes names that no other run on the same broker makes. */
export class Names {
  readonly #run: string;
  #count = 0;

  constructor(random: Random) {
    this.#run = `kit${random.uint32().toString(36)}`;
  }

  /** A name that every broker takes, ending in a readable word. */
  next(word: string): string {
    return `${this.#run}.${(this.#count++).toString(36)}.${word}`;
  }

  /** An identifier of a message. */
  id(): string {
    return `${this.#run}-${(this.#count++).toString(36)}`;
  }
}
