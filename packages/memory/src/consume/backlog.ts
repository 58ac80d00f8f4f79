import { Deque } from "./deque.ts";
import type { Entry } from "./entry.ts";

/** The waiting messages of a queue or lane, by position. Returned messages come before those that were never delivered. */
export class Backlog {
  readonly #waiting = new Deque<Entry>();
  /** The returned messages by position, the lowest last. */
  readonly #returned: Entry[] = [];
  #position = 0;

  get size(): number {
    return this.#waiting.size + this.#returned.length;
  }

  /** Appends an entry and sets its position. */
  append(entry: Entry): void {
    entry.position = this.#position++;
    this.#waiting.push(entry);
  }

  /** Returns an entry to its position. */
  putBack(entry: Entry): void {
    let at = this.#returned.length;
    while (at > 0 && (this.#returned[at - 1]?.position ?? 0) < entry.position) at -= 1;
    this.#returned.splice(at, 0, entry);
  }

  take(): Entry | undefined {
    return this.#returned.pop() ?? this.#waiting.shift();
  }
}
