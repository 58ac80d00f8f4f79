/** A first-in-first-out queue: a ring buffer that doubles when it is full and keeps no reference to removed items. */
export class Deque<Item> {
  #onDue: (Item | undefined)[] = new Array<Item | undefined>(16).fill(undefined);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: Item): void {
    if (this.#size === this.#onDue.length) this.#grow();
    this.#onDue[(this.#head + this.#size) & (this.#onDue.length - 1)] = item;
    this.#size += 1;
  }

  first(): Item | undefined {
    return this.#size === 0 ? undefined : this.#onDue[this.#head];
  }

  shift(): Item | undefined {
    const item = this.first();
    if (this.#size === 0) return undefined;
    this.#onDue[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#onDue.length - 1);
    this.#size -= 1;
    return item;
  }

  *[Symbol.iterator](): Generator<Item> {
    for (let at = 0; at < this.#size; at++) {
      const item = this.#onDue[(this.#head + at) & (this.#onDue.length - 1)];
      if (item !== undefined) yield item;
    }
  }

  #grow(): void {
    const items = [...this];
    this.#onDue = items.concat(new Array(items.length).fill(undefined));
    this.#head = 0;
  }
}
