import type { Cancel, Clock } from "@waybill/core/transport";

interface Due<Item> {
  readonly at: number;
  readonly order: number;
  readonly item: Item;
}

/** A queue of items by due time: a binary heap and one timer, which runs only while an item waits. */
export class DelayQueue<Item> {
  readonly #clock: Clock;
  readonly #onDue: (item: Item) => void;
  readonly #heap: Due<Item>[] = [];
  #order = 0;
  #isAsleep = false;
  #timer: { readonly at: number; readonly cancel: Cancel } | undefined = undefined;

  /** @param onDue called for each due item, the earliest first; items with one time in the order of arrival */
  constructor(clock: Clock, onDue: (item: Item) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#heap.length;
  }

  count(matches: (item: Item) => boolean): number {
    return this.#heap.filter(({ item }) => matches(item)).length;
  }

  add(at: number, item: Item): void {
    this.#heap.push({ at, order: this.#order++, item });
    this.#up(this.#heap.length - 1);
    this.#setTimer();
  }

  /** Runs no timer until `wake`. */
  sleep(): void {
    this.#isAsleep = true;
    this.#setTimer();
  }

  /** Starts the timer again. Items that have become due meanwhile are passed on at its first alarm. */
  wake(): void {
    this.#isAsleep = false;
    this.#setTimer();
  }

  #setTimer(): void {
    const next = this.#isAsleep ? undefined : this.#heap[0];
    if (next?.at === this.#timer?.at) return;
    this.#timer?.cancel();
    this.#timer = next && {
      at: next.at,
      cancel: this.#clock.schedule(next.at - this.#clock.now(), () => this.#releaseDue()),
    };
  }

  #releaseDue(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let next = this.#heap[0]; next !== undefined && next.at <= now; next = this.#heap[0]) {
      this.#removeFirst();
      this.#onDue(next.item);
    }
    this.#setTimer();
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #up(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(from: number): void {
    for (let at = from; ;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (this.#isBefore(child, first)) first = child;
      if (first === at) return;
      this.#swap(at, first);
      at = first;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const a = this.#heap[one];
    const b = this.#heap[other];
    return a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
  }

  #swap(one: number, other: number): void {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
