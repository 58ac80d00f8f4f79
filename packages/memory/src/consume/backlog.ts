import { Deque } from "./deque.ts";
import type { Entry } from "./entry.ts";

/** What waits in one queue or lane, by position: what was given back comes before what never left. */
export class Backlog {
  readonly #waiting = new Deque<Entry>();
  /** Sorted by position, the lowest last. */
  readonly #returned: Entry[] = [];
  #position = 0;

  get size(): number {
    return this.#waiting.size + this.#returned.length;
  }

  /** Appends; the entry's position is from here. */
  append(entry: Entry): void {
    entry.position = this.#position++;
    this.#waiting.push(entry);
  }

  /** Takes an entry back to where it was. */
  giveBack(entry: Entry): void {
    let at = this.#returned.length;
    while (at > 0 && (this.#returned[at - 1]?.position ?? 0) < entry.position) at -= 1;
    this.#returned.splice(at, 0, entry);
  }

  take(): Entry | undefined {
    return this.#returned.pop() ?? this.#waiting.shift();
  }
}
