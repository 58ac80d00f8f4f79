/** A queue that is cheap at both ends: a ring that doubles when full and forgets what it hands out. */
export class Deque<Item> {
  #ring: (Item | undefined)[] = new Array<Item | undefined>(16).fill(undefined);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: Item): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = item;
    this.#size += 1;
  }

  first(): Item | undefined {
    return this.#size === 0 ? undefined : this.#ring[this.#head];
  }

  shift(): Item | undefined {
    const item = this.first();
    if (this.#size === 0) return undefined;
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size -= 1;
    return item;
  }

  *[Symbol.iterator](): Generator<Item> {
    for (let at = 0; at < this.#size; at++) {
      const item = this.#ring[(this.#head + at) & (this.#ring.length - 1)];
      if (item !== undefined) yield item;
    }
  }

  #grow(): void {
    const items = [...this];
    this.#ring = items.concat(new Array(items.length).fill(undefined));
    this.#head = 0;
  }
}
