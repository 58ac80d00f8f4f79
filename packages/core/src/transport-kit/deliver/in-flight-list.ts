/** The links of what is in one list at a time; only the list sets them. */
export interface Linked<Item> {
  before: Item | undefined;
  after: Item | undefined;
}

/**
 * For adapters: the deliveries that are in somebody's hands, in the order in which they came. Not a `Set`: V8 makes the table
 * of a busy one anew every few messages, and each that it leaves leads to the next. Once one of them has grown old, all that
 * was in those after it outlives every collection but a full one: a sixth of what a message cost.
 */
export class InFlightList<Item extends Linked<Item>> {
  #first: Item | undefined = undefined;
  #last: Item | undefined = undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The oldest. */
  get first(): Item | undefined {
    return this.#first;
  }

  /** @param item in no list yet */
  add(item: Item): void {
    item.before = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.after = item;
    this.#last = item;
    this.#size += 1;
  }

  /** Harmless where it has left already. What has left leads to nothing: it would keep that alive. */
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

  /** All of them, oldest first, whatever happens to them meanwhile. */
  all(): readonly Item[] {
    const all: Item[] = [];
    for (let item = this.#first; item !== undefined; item = item.after) all.push(item);
    return all;
  }

  /** Takes all out, oldest first. */
  takeAll(): readonly Item[] {
    const all = this.all();
    for (const item of all) this.remove(item);
    return all;
  }
}
