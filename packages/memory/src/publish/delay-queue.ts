import type { Cancel, Clock } from "@waybill/core/transport";

interface Due<Item> {
  readonly at: number;
  readonly order: number;
  readonly item: Item;
}

/** Items that wait for their time: a binary heap and one alarm, set only while something waits. */
export class DueQueue<Item> {
  readonly #clock: Clock;
  readonly #ring: (item: Item) => void;
  readonly #heap: Due<Item>[] = [];
  #order = 0;
  #isAsleep = false;
  #alarm: { readonly at: number; readonly cancel: Cancel } | undefined = undefined;

  /** @param ring called for each item once it is due, earliest first, in the order of arrival where times are equal */
  constructor(clock: Clock, ring: (item: Item) => void) {
    this.#clock = clock;
    this.#ring = ring;
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
    this.#setAlarm();
  }

  /** Sets no alarm until woken: nobody is there for whom an item could become due. */
  sleep(): void {
    this.#isAsleep = true;
    this.#setAlarm();
  }

  /** Rings what has become due meanwhile as soon as may be. */
  wake(): void {
    this.#isAsleep = false;
    this.#setAlarm();
  }

  #setAlarm(): void {
    const next = this.#isAsleep ? undefined : this.#heap[0];
    if (next?.at === this.#alarm?.at) return;
    this.#alarm?.cancel();
    this.#alarm = next && {
      at: next.at,
      cancel: this.#clock.schedule(next.at - this.#clock.now(), () => this.#ringAllDue()),
    };
  }

  #ringAllDue(): void {
    this.#alarm = undefined;
    const now = this.#clock.now();
    for (let next = this.#heap[0]; next !== undefined && next.at <= now; next = this.#heap[0]) {
      this.#removeFirst();
      this.#ring(next.item);
    }
    this.#setAlarm();
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
