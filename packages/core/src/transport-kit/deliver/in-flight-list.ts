/** The links of an item of one list. Only the list sets them. */
export interface Linked<Item> {
  before: Item | undefined;
  after: Item | undefined;
}

/**
 * For adapters: the deliveries in flight, in the order of their arrival. It is not a `Set`, because V8 rehashes a
 * busy Set every few messages, and each old table refers to the next one. Once one table is in the old generation,
 * everything in the later ones survives until a full garbage collection. With a Set this was a sixth of the cost of a
 * message.
 */
export class InFlightList<Item extends Linked<Item>> {
  #first: Item | undefined = undefined;
  #last: Item | undefined = undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The oldest item. */
  get first(): Item | undefined {
    return this.#first;
  }

  /** @param item an item of no list */
  add(item: Item): void {
    item.before = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.after = item;
    this.#last = item;
    this.#size += 1;
  }

  /**
   * Removes an item; does nothing for one that was removed before. Clears its links, which would keep other items
   * alive.
   */
  remove(item: Item): void {
    const { before, after } = item;
    if (before === undefined && this.#first !== item) return;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    item.before = undefined;
    item.after = undefined;
    this.#size -= 1;
  }

  /** Returns a copy of the list, oldest first. */
  all(): readonly Item[] {
    const all: Item[] = [];
    for (let item = this.#first; item !== undefined; item = item.after) all.push(item);
    return all;
  }

  /** Removes all items and returns them, oldest first. */
  takeAll(): readonly Item[] {
    const all = this.all();
    for (const item of all) this.remove(item);
    return all;
  }
}
